import type { ServedRequest, ServedResponse } from "../../exchange/served.js";
import { tell } from "../../log/logger.js";
import { maskTokens } from "../../log/mask-tokens.js";
import { isThenable } from "../../pipeline/outcome.js";
import { type AnswerHead, observe } from "../../reply/observe.js";
import type { SendHook } from "../hook-functions.js";
import type { HookKind } from "./hook-kind.js";

/** Child to parent, the last first: observers of the head. They run in the reverse order of entering. */
export const send: HookKind = {
  parameters: "(req, res, head)",
  compile(functions, { entry }) {
    const last = functions.toReversed();
    entry.push({
      run: (_req, res) => observe(res, (head) => runAll(last, res, head)),
      answers: false,
    });
  },
};

/** The responses whose hook has failed. The error is then answered, and this second answer must be sent. */
const failed = new WeakSet<ServedResponse>();

function runAll(hooks: readonly SendHook[], res: ServedResponse, head: AnswerHead): void {
  const { req } = res;
  // The response shows the hook the same status that is sent.
  res.statusCode = head.status;
  for (const hook of hooks) {
    try {
      const result = hook(req, res, head);
      // The head leaves now, so a later failure can only be logged.
      if (isThenable(result)) Promise.resolve(result).catch((error) => report(req, error));
    } catch (error) {
      if (failed.has(res)) report(req, error);
      else {
        failed.add(res);
        throw error;
      }
    }
  }
}

function report(req: ServedRequest, error: unknown): void {
  tell(() =>
    req.logger.error("A send hook of %s %s failed [%s]", req.method, maskTokens(req.url), req.uuid, error),
  );
}
