import { ForbiddenError, UnauthorizedError } from "../errors.js";
import type { Request, Response } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds, oneOf } from "../options/kinds.js";
import type { Policy } from "../routing/types.js";
import { sendToSignIn } from "./sign-in.js";

const policyKinds: OptionKinds<Policy> = {
  groups: kinds.any,
  groupPolicy: oneOf("at_least_one", "all"),
};

/** Makes a step that checks the policy of a route: 401 without a session, 403 for a session without the groups. */
export function createPolicyGuard(policy: Policy): (req: Request, res: Response) => void {
  checkOptions<Policy>(policy, "A policy", policyKinds, (faults) => {
    const { groups } = policy;
    if (!Array.isArray(groups) || !groups.every(kinds.texts.test)) {
      faults.add(
        "groups",
        'A policy needs an array of `groups`, as in { groups: ["admin", ["editor", "staff"]] }.',
      );
    } else if (groups.some((entry) => entry.length === 0 || [entry].flat().includes(""))) {
      faults.add(
        "groups",
        "An entry in the `groups` of a policy names a group: an empty one would let in every session.",
      );
    }
  });
  const kind = policy.groupPolicy ?? "at_least_one";
  const entries = policy.groups.map((entry) => [entry].flat());
  return (req, res) => {
    const { session } = req;
    if (session === undefined || session === null) {
      if (sendToSignIn(req, res)) return;
      throw new UnauthorizedError(undefined, { headers: { "WWW-Authenticate": "Bearer" } });
    }
    const groups = Array.isArray(session.groups) ? session.groups : [];
    const holds = (entry: readonly string[]): boolean => entry.every((group) => groups.includes(group));
    if (!(kind === "all" ? entries.every(holds) : entries.some(holds))) throw new ForbiddenError();
  };
}
