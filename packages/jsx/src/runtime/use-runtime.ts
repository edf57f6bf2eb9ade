import { type ComponentInstance, type HookSlot, useSlot } from "../component/component-instance.js";
import { JSXError } from "../errors.js";
import { type Context, createContext, useContext } from "../hooks/context.js";
import { useSyncExternalStore } from "../hooks/external-store.js";
import { findPageRuntime } from "./page-runtime.js";
import { type Runtime, type RuntimeURL, withBasePath } from "./runtime.js";

interface HostSlot extends HookSlot {
  readonly runtime: Runtime | undefined;
}

function runtimeOf({ host }: ComponentInstance): Runtime | undefined {
  const page = host.runtime ?? findPageRuntime();
  return page && withBasePath(page, host.runtime ? undefined : host.basePath);
}

// Created on first use, so that a bundler can leave out unused code.
let context: Context<Runtime | undefined> | undefined;

/** The context that replaces the runtime for the components inside. `Router` uses it to set a base path. */
export function runtimeContext(): Context<Runtime | undefined> {
  context ??= createContext<Runtime | undefined>(undefined);
  return context;
}

/** Returns the runtime: the URL of the page, its base path, navigation and a logger. */
export function useRuntime(): Runtime {
  const given = useContext(runtimeContext());
  const slot = useSlot<HostSlot>("useRuntime", (instance) => ({
    hook: "useRuntime",
    runtime: runtimeOf(instance),
  }));
  const runtime = given ?? slot.runtime;
  if (runtime === undefined) throw new JSXError("JSX_NO_RUNTIME", "useRuntime");
  return runtime;
}

/** Returns the location of the page. If it changes, the component renders again. */
export function useURL(): RuntimeURL {
  const runtime = useRuntime();
  return useSyncExternalStore(runtime.subscribe, () => runtime.url);
}
