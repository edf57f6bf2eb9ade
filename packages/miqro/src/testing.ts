export type { MiqroTest } from "./testing/test-global.js";
export type { JSXTest, TestJSX } from "./testing/test-jsx.js";
export { testJSX } from "./testing/test-jsx.js";
export type { TestRequest, TestRequestOptions, TestResponse } from "./testing/test-request.js";
export { TestResponseError } from "./testing/test-request.js";
export type { TestServer, TestServerOptions } from "./testing/test-server.js";
export { testServer } from "./testing/test-server.js";
