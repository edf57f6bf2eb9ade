import { type HeadObserver, observe } from "../reply/observe.js";
import { type App, contextOf } from "./app.js";

/**
 * Lets a function see, and change, the head of every answer of an app, from before the first middleware on: also of
 * requests that are refused because their head is malformed. Node's own refusals are not among them, since no request
 * comes of those.
 */
export function observeApp(app: App, observer: HeadObserver): void {
  const context = contextOf(app);
  const earlier = context.observe;
  context.observe = (res) => {
    earlier?.(res);
    observe(res, observer);
  };
}
