import type { Handler, Router } from "@miqro/core";
import { loadOnUse } from "../load-on-use.js";
import type { HttpFileKind } from "./http-file-kind.js";
import { mountRoute, type RouteFile, readRouteFile, routeClaims } from "./route-file.js";

const loadReasons = loadOnUse<typeof import("./why-not-answer.js")>(import.meta.url, "./why-not-answer.js");

/** `x.api.ts`: a function, or a declaration with a handler. */
export const api: HttpFileKind<RouteFile> = {
  template: {
    name: "http/items.api.ts",
    about: "a route with a schema",
    text: `import { defineRoute } from "miqro";

export default defineRoute({
  method: "POST",
  request: { body: { title: "string1" } },
  response: { status: 201, body: { title: "string" } },
  handler: (req, res) => res.json({ title: req.body.title }, {}, 201),
});
`,
  },

  read: (file, reader) =>
    readRouteFile(file, reader, {
      declares: isDeclaration,
      whyNotAnswer: (answer) => loadReasons().whyNotRoute(answer),
    }),
  claims: routeClaims,

  mount(file, { answer, options }, router) {
    mountRoute(router, file, options, answer as Handler | Router);
  },
};

/** A plain object. Its keys are checked as those of a declaration. */
function isDeclaration(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null || "brand" in answer) return false;
  return [Object.prototype, null].includes(Object.getPrototypeOf(answer));
}
