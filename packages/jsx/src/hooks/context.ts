import {
  type ComponentInstance,
  type HookSlot,
  type ProvidedContext,
  requestUpdate,
  useSlot,
} from "../component/component-instance.js";
import type { JSXNode } from "../vnode/vnode.js";

/** A component that provides its `value` to all components inside. */
type Provider<Value> = (props: { readonly value: Value; readonly children?: JSXNode }) => JSXNode;

/**
 * A value that all components below a provider can read without props. The context itself is the provider component.
 */
export interface Context<Value> extends Provider<Value> {
  /** The context itself, under the name that other libraries use. */
  readonly Provider: Provider<Value>;
  /** The value for components without a provider above them. */
  readonly defaultValue: Value;
}

/**
 * Makes a context.
 *
 * @param defaultValue the value for components without a provider above them
 */
export function createContext<Value>(defaultValue: Value): Context<Value> {
  const Provider: Provider<Value> = ({ value, children }) => {
    const { provided } = useSlot("Provider", (instance) => createProviderSlot(Provider, value, instance));
    if (!Object.is(provided.value, value)) {
      provided.value = value;
      for (const reader of provided.readers) requestUpdate(reader);
    }
    return children;
  };
  return Object.assign(Provider, { defaultValue, Provider });
}

interface ProviderSlot extends HookSlot {
  readonly provided: ProvidedContext;
}

function createProviderSlot(context: object, value: unknown, instance: ComponentInstance): ProviderSlot {
  instance.provided = { context, value, readers: new Set() };
  return { hook: "Provider", provided: instance.provided };
}

interface ReaderSlot extends HookSlot {
  readonly context: object;
  readonly provided: ProvidedContext | undefined;
}

function createReaderSlot(context: object, instance: ComponentInstance): ReaderSlot {
  let above = instance.parent;
  while (above !== undefined && above.provided?.context !== context) above = above.parent;
  const provided = above?.provided;
  if (instance.host.live) provided?.readers.add(instance);
  return {
    hook: "useContext",
    context,
    provided,
    dispose: () => provided?.readers.delete(instance),
  };
}

/**
 * Returns the value of the nearest provider above, or the default value. If the value changes, the component renders
 * again.
 *
 * @param context the context; each render must use the same one at this position
 */
export function useContext<Value>(context: Context<Value>): Value {
  const { provided } = useSlot("useContext", (instance) => createReaderSlot(context, instance));
  return provided === undefined ? context.defaultValue : (provided.value as Value);
}
