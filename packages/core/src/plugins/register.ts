import { ArgumentError, StateError } from "../errors.js";
import { describe } from "../options/check-options.js";
import type { RouterRecords } from "../routing/records.js";
import { createHook } from "./create-hook.js";
import { type HookName, type HookRecord, Plugin, partsOf } from "./plugin.js";

const ofApp: ReadonlySet<HookName> = new Set(["register", "ready", "listen", "close"]);

/** Makes a plugin of one hook. */
export function toHookPlugin(name: HookName, run: HookRecord["run"]): Plugin {
  return createHook(name, run);
}

/**
 * Adds a plugin to the records of a router.
 *
 * @param origin The file that registers it, for messages.
 * @param hasStarted Whether the app around the router has set up its plugins.
 * @throws {ArgumentError} if the value is not a plugin, or if the router has another plugin of the same name.
 * @throws {StateError} if it is too late for this plugin.
 */
export function addPlugin(
  records: RouterRecords,
  router: object,
  plugin: unknown,
  origin: string | undefined,
  hasStarted: boolean,
): void {
  if (!(plugin instanceof Plugin)) {
    const fix =
      typeof plugin === "function"
        ? " Write plugin({ name, setup }) for a function that adds to this router, and `use` for a router or middleware."
        : "";
    throw new ArgumentError(
      `\`register\` takes a plugin, as hook() and plugin() make it, not ${describe(plugin)}.${fix}`,
    );
  }
  const { name, createHooks, setup } = partsOf(plugin);
  if (records.registered.includes(plugin)) return;
  const isTaken = (one: Plugin): boolean => one.name === name && partsOf(one).setup !== undefined;
  if (setup !== undefined && records.registered.some(isTaken)) {
    throw new ArgumentError(
      `Two plugins of one router are called "${name}". Register the same plugin, or give one of them another name.`,
    );
  }
  const hooks = createHooks?.(plugin) ?? [];
  if (hasStarted && (setup !== undefined || hooks.some(isOfApp))) throw tooLate(plugin);
  records.registered.push(plugin);
  records.hooks.push(...hooks);
  if (setup !== undefined) records.plugins.push({ plugin, router, origin });
}

/** Throws if the app has started, and the router to mount has something that runs when an app starts. */
export function refuseLate({ plugins, hooks, mounts }: RouterRecords): void {
  const late = plugins[0] ?? hooks.find(isOfApp);
  if (late !== undefined) throw tooLate(late.plugin);
  for (const mount of mounts) refuseLate(mount.records);
}

function tooLate({ name }: Plugin): StateError {
  return new StateError(
    `The plugin "${name}" is registered too late: register it before the app listens or answers its first request.`,
  );
}

function isOfApp({ name }: HookRecord): boolean {
  return ofApp.has(name);
}
