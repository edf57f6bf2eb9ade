import { readFileSync } from "node:fs";
import type { Handler } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import { loadOnUse } from "../load-on-use.js";
import type { HttpFile } from "../service/scan-service.js";
import type { HttpFileKind } from "./http-file-kind.js";
import {
  answering,
  mountIndex,
  mountRoute,
  type RouteFile,
  readRouteFile,
  routeClaims,
} from "./route-file.js";
import { sendPage } from "./send-page.js";

const loadReasons = loadOnUse<typeof import("./why-not-answer.js")>(import.meta.url, "./why-not-answer.js");

/**
 * `x.html.tsx`: a page. It exports an element, a function that returns an element, or a declaration with such a
 * handler.
 */
export const page: HttpFileKind<RouteFile> = {
  template: {
    name: "http/page.html.tsx",
    about: "a page",
    text: `import JSX from "@miqro/jsx";
import type { Request } from "miqro";

export default (req: Request) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>A page</title>
    </head>
    <body>
      <h1>Hello {req.query.name ?? "world"}</h1>
    </body>
  </html>
);
`,
  },

  async read(file, reader) {
    const route = await readRouteFile(file, reader, {
      declares: isDeclaration,
      whyNotAnswer: (answer) => loadReasons().whyNotPage(answer),
    });
    if (lacksFactory(file, route?.answer)) {
      reader.problems.add('it has JSX, but no factory for it. Write: import JSX from "@miqro/jsx"');
      return undefined;
    }
    if (!Array.isArray(route?.answer)) return route;
    reader.problems.add("a page has one handler. Put the functions that run before it into `middleware`.");
    return undefined;
  },
  claims: routeClaims,

  async compose(_files, { renderer }) {
    await renderer.load();
  },

  toHandler,

  mount(file, value, router, parts) {
    mountRoute(router, file, value.options, toHandler(file, value, parts));
  },

  mountIndex(file, value, router, parts) {
    mountIndex(router, file, value.options, toHandler(file, value, parts));
  },
};

/** Whether the file has calls of `JSX` without its import: they would fail at the first request. */
function lacksFactory({ file }: HttpFile, answer: unknown): boolean {
  if (typeof answer !== "function" || "JSX" in globalThis || !String(answer).includes("JSX.createElement("))
    return false;
  try {
    return !/\bJSX\b(?!\s*\.)/.test(readFileSync(file, "utf8"));
  } catch {
    // The modules of an executable are not files.
    return false;
  }
}

function isDeclaration(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && "handler" in answer;
}

function toHandler(_file: HttpFile, { answer }: RouteFile, { renderer }: CompositionParts): Handler {
  return answering(answer, (result, req, res) => {
    if (!renderer.isElement(result)) return result;
    const html = renderer.toPage(result, req, res);
    return html instanceof Promise ? html.then((late) => sendPage(late, res)) : sendPage(html, res);
  });
}
