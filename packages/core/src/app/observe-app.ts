import { type HeadObserver, observe } from "../reply/observe.js";
import { type App, contextOf } from "./app.js";

/**
 * Lets a function see and change the head of every answer of an app, before the first middleware runs. This includes
 * answers to requests that are refused because their head is malformed. It does not include Node's own refusals,
 * because Node makes no request object for them.
 */
export function observeApp(app: App, observer: HeadObserver): void {
  const context = contextOf(app);
  const earlier = context.observe;
  context.observe = (res) => {
    earlier?.(res);
    observe(res, observer);
  };
}
