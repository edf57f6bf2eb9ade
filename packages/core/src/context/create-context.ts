import { context } from "./context.js";

/** Reads and sets a value of the request. Both throw a `StateError` outside of one. */
export type ContextValue<Value> = readonly [get: () => Value, set: (value: Value) => void];

/** Makes a value that each request has separately. It is `undefined` until it is set. */
export function createContext<Value>(): ContextValue<Value | undefined>;
/**
 * Makes a value that each request has separately.
 *
 * @param initial The value until it is set, or a function that makes the value when it is first read.
 */
export function createContext<Value>(initial: Value | (() => Value)): ContextValue<Value>;
export function createContext(initial?: unknown): ContextValue<unknown> {
  const values = new WeakMap<object, unknown>();
  const set = (value: unknown): void => void values.set(context().req, value);
  const get = (): unknown => {
    const { req } = context();
    if (!values.has(req)) values.set(req, typeof initial === "function" ? initial() : initial);
    return values.get(req);
  };
  return [get, set];
}
