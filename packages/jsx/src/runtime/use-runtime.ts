import { type ComponentInstance, type HookSlot, useSlot } from "../component/component-instance.js";
import { JSXError } from "../errors.js";
import { type Context, createContext, useContext } from "../hooks/context.js";
import { useSyncExternalStore } from "../hooks/external-store.js";
import { findPageRuntime } from "./page-runtime.js";
import type { Runtime, RuntimeURL } from "./runtime.js";

interface HostSlot extends HookSlot {
  readonly instance: ComponentInstance;
}

// Made when it is needed: what a page does not use must not be in its bundle.
let context: Context<Runtime | undefined> | undefined;

/** Replaces the runtime for the components inside, as `Router` does to give them a base path. */
export function runtimeContext(): Context<Runtime | undefined> {
  context ??= createContext<Runtime | undefined>(undefined);
  return context;
}

/** What the host tells about the page: its URL, how to go elsewhere, the base path, the logger. */
export function useRuntime(): Runtime {
  const given = useContext(runtimeContext());
  const { instance } = useSlot<HostSlot>("useRuntime", (instance) => ({ hook: "useRuntime", instance }));
  const runtime = given ?? instance.host.runtime ?? findPageRuntime();
  if (runtime === undefined) throw new JSXError("no_runtime", "useRuntime");
  return runtime;
}

/** Where the page is; the component renders again when that changes. */
export function useURL(): RuntimeURL {
  const runtime = useRuntime();
  return useSyncExternalStore(runtime.subscribe, () => runtime.url);
}
