import type { HookName } from "../plugin.js";
import { close } from "./close.js";
import { error } from "./error.js";
import type { HookKind } from "./hook-kind.js";
import { listen } from "./listen.js";
import { ready } from "./ready.js";
import { register } from "./register.js";
import { request } from "./request.js";
import { send } from "./send.js";
import { timeout } from "./timeout.js";
import { transform } from "./transform.js";

/** Every hook, in the order of a request and then of an app. */
export const hookTable: Readonly<Record<HookName, HookKind>> = {
  request,
  transform,
  send,
  error,
  timeout,
  register,
  ready,
  listen,
  close,
};
