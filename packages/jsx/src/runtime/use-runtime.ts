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
  const slot = useSlot<HostSlot>("useRuntime", (instance) => ({
    hook: "useRuntime",
    runtime: runtimeOf(instance),
  }));
  const runtime = given ?? slot.runtime;
  if (runtime === undefined) throw new JSXError("JSX_NO_RUNTIME", "useRuntime");
  return runtime;
}

/** Where the page is; the component renders again when that changes. */
export function useURL(): RuntimeURL {
  const runtime = useRuntime();
  return useSyncExternalStore(runtime.subscribe, () => runtime.url);
}
