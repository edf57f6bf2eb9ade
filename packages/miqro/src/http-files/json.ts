import { loadOnUse } from "../load-on-use.js";
import type { HttpFileKind } from "./http-file-kind.js";
import { answering, mountRoute, type RouteFile, readRouteFile, routeClaims } from "./route-file.js";

const loadReasons = loadOnUse<typeof import("./why-not-answer.js")>(import.meta.url, "./why-not-answer.js");

/** `x.json.ts`: a value, or a function that returns a value. */
export const json: HttpFileKind<RouteFile> = {
  template: {
    name: "http/data.json.ts",
    about: "a value as JSON",
    text: `export default { hello: "world" };
`,
  },

  read: (file, reader) =>
    readRouteFile(file, reader, {
      declares: () => false,
      whyNotAnswer: (answer) => loadReasons().whyNotJSONFile(answer),
    }),
  claims: routeClaims,

  mount(file, { answer, options }, router) {
    const handler = answering(answer, (result, _req, res) =>
      result === undefined || res.headersSent ? result : res.json(result, {}, res.statusCode),
    );
    mountRoute(router, file, options, handler);
  },
};
