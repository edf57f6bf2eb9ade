// micro calls this type `BufferInfo`.
export { type BodyOptions, type BodyOptions as BufferInfo, buffer, json, text } from "./micro/body.js";
export { type Endpoint, parseEndpoint } from "./micro/endpoint.js";
export { createError, HttpError } from "./micro/http-error.js";
// `require("@miqro/core/micro")` returns the function itself, with its members.
export { type Micro, micro, micro as default, micro as "module.exports" } from "./micro/micro.js";
export { type RequestHandler, run } from "./micro/run.js";
export { send } from "./micro/send.js";
export { sendError } from "./micro/send-error.js";
export { type Service, serve } from "./micro/serve.js";
