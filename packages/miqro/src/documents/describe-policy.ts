import type { Policy } from "@miqro/core";

/** A policy in words. */
export function describePolicy({ groups, groupPolicy }: Policy): string {
  const names = groups.map((entry) => [entry].flat().join(" and "));
  if (names.length === 0) return groupPolicy === "all" ? "Needs a session." : "Lets nobody in.";
  const joint = groupPolicy === "all" ? ", and in " : ", or in ";
  return `Needs a session of the group ${names.join(joint)}.`;
}
