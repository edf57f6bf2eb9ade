export { observeApp } from "./app/observe-app.js";
export type { AnswerHead, HeadObserver } from "./reply/observe.js";
export { observe } from "./reply/observe.js";
