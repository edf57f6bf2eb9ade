import type { ServedResponse } from "../exchange/served.js";
import { writeReply } from "../reply/write-reply.js";
import { allMethods, toAllow, upgradeMethod } from "../routing/methods.js";
import type { RouterRecords } from "../routing/records.js";

const usual: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Answers `OPTIONS *` with the methods of all routes. The request asks about the server as a whole (RFC 9110 9.3.7).
 */
export function answerServerOptions(res: ServedResponse, records: RouterRecords): void {
  const methods = new Set<string>();
  addMethods(methods, records);
  if (methods.delete(upgradeMethod)) methods.add("GET");
  if (methods.delete(allMethods)) for (const method of usual) methods.add(method);
  writeReply(res, 204, undefined, "", { Allow: toAllow(methods) });
}

function addMethods(methods: Set<string>, { routes, mounts }: RouterRecords): void {
  for (const route of routes) for (const method of route.methods) methods.add(method);
  for (const mount of mounts) addMethods(methods, mount.records);
}
