import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { App, hook, Router } from "@miqro/core";

/**
 * An app with three scopes in each other, two of them beside each other, and two hooks of every kind in each. Every hook
 * notes its name, its scope and its number.
 */
function createApp(steps: string[]): App {
  const app = new App({
    handlerTimeout: 20,
    loggerFactory: () => ({ error() {}, warn() {}, info() {}, debug() {}, trace() {} }),
  });
  const middle = new Router();
  const left = new Router();
  const right = new Router();
  for (const [name, router] of Object.entries({ app, middle, left, right })) {
    for (const number of [1, 2]) {
      const note = (what: string): void => void steps.push(`${what} ${name}${number}`);
      router.register(
        hook.define({
          request: (req) => {
            note("request");
            return req.query.early === `${name}${number}`
              ? new Response("early", { status: 202 })
              : undefined;
          },
          transform: (value) => {
            note("transform");
            return `${value} ${name}${number}`;
          },
          send: () => note("send"),
          error: (_err, req) => {
            note("error");
            return req.query.take === `${name}${number}` ? "taken" : undefined;
          },
          timeout: (req) => {
            note("timeout");
            return req.query.take === `${name}${number}` ? "taken" : undefined;
          },
        }),
      );
    }
    router.use((): void => void steps.push(`middleware ${name}`));
    router.after(() => void steps.push(`after ${name}`));
    router.get("/data", () => "data");
    router.get("/direct", () => new Response("direct"));
    router.get("/sent", (_req, res) => res.text("sent"));
    router.get("/late", () => new Promise<void>(() => {}));
    router.get("/error", () => {
      throw new Error("broken");
    });
    router.get("/odd", () => {
      throw "a string";
    });
  }
  app.use("/middle", middle);
  middle.use("/left", left);
  middle.use("/right", right);
  return app;
}

const down = (what: string, ...scopes: string[]): string[] =>
  scopes.flatMap((scope) => [
    `${what} ${scope}1`,
    `${what} ${scope}2`,
    ...(what === "request" ? [`middleware ${scope}`] : []),
  ]);
const up = (what: string, ...scopes: string[]): string[] =>
  scopes.flatMap((scope) => [`${what} ${scope}2`, `${what} ${scope}1`]);
const after = (...scopes: string[]): string[] => scopes.map((scope) => `after ${scope}`);
/** The steps of a request through scopes: down to the handler, the steps there, and up again. */
const through = (scopes: readonly string[], ...inside: string[]): string[] => {
  const back = [...scopes].reverse();
  return [...down("request", ...scopes), ...inside, ...up("send", ...back), ...after(...back)];
};

const inLeft = ["app", "middle", "left"];
const fromLeft = ["left", "middle", "app"];

/** Path, status, body where it matters, and the steps in their order. */
const cases: readonly (readonly [
  fact: string,
  path: string,
  status: number,
  body: string | undefined,
  steps: string[],
])[] = [
  [
    "transforms and sends returned data, from the inside",
    "/middle/left/data",
    200,
    "data left2 left1 middle2 middle1 app2 app1",
    through(inLeft, ...up("transform", ...fromLeft)),
  ],
  [
    "knows nothing of the scope beside it",
    "/middle/right/data",
    200,
    "data right2 right1 middle2 middle1 app2 app1",
    through(["app", "middle", "right"], ...up("transform", "right", "middle", "app")),
  ],
  [
    "knows nothing of the scopes in it",
    "/middle/data",
    200,
    "data middle2 middle1 app2 app1",
    through(["app", "middle"], ...up("transform", "middle", "app")),
  ],
  ["does not transform a Response", "/middle/left/direct", 200, "direct", through(inLeft)],
  [
    "does not transform what a method of the response sends",
    "/middle/left/sent",
    200,
    "sent",
    through(inLeft),
  ],
  [
    "ends with a Response of a request hook",
    "/middle/left/data?early=middle1",
    202,
    "early",
    [...down("request", "app"), "request middle1", ...up("send", "middle", "app"), ...after("middle", "app")],
  ],
  [
    "ends with the first error hook that answers",
    "/middle/left/error?take=middle1",
    500,
    "taken",
    through(inLeft, ...down("error", "left"), "error middle1"),
  ],
  [
    "asks every error hook of an error that none takes",
    "/middle/left/error",
    500,
    undefined,
    through(inLeft, ...down("error", ...fromLeft)),
  ],
  [
    "answers 500 to a thrown value that is no error",
    "/odd",
    500,
    undefined,
    through(["app"], ...down("error", "app")),
  ],
  [
    "ends with the first timeout hook that answers",
    "/middle/left/late?take=middle1",
    503,
    "taken",
    through(inLeft, ...down("timeout", "left"), "timeout middle1"),
  ],
  [
    "asks every timeout hook, and then the error hooks",
    "/middle/left/late",
    503,
    undefined,
    through(inLeft, ...down("timeout", ...fromLeft), ...down("error", ...fromLeft)),
  ],
  [
    "enters the deepest scope of an unknown path, and offers its error there first",
    "/middle/left/none",
    404,
    undefined,
    through(inLeft, ...down("error", ...fromLeft)),
  ],
  [
    "enters no scope that an unknown path is outside of",
    "/none",
    404,
    undefined,
    through(["app"], ...down("error", "app")),
  ],
];

describe("the order of hooks", () => {
  for (const [fact, path, status, body, expected] of cases) {
    it(fact, async () => {
      const steps: string[] = [];
      const app = createApp(steps);
      const answer = await app.inject(path);
      await app.close();
      assert.deepEqual([answer.status, steps], [status, expected]);
      if (body !== undefined) assert.equal(answer.text(), body);
    });
  }

  it("is that of the start and the end of an app", async () => {
    const steps: string[] = [];
    const app = new App();
    const middle = new Router();
    const left = new Router();
    const right = new Router();
    for (const [name, router] of Object.entries({ app, middle, left, right })) {
      for (const number of [1, 2]) {
        const note = (what: string): void => void steps.push(`${what} ${name}${number}`);
        router.register(
          hook.define({
            ready: () => note("ready"),
            listen: () => note("listen"),
            close: () => note("close"),
          }),
        );
      }
    }
    app.use("/middle", middle);
    middle.use("/left", left);
    middle.use("/right", right);
    await app.listen({ port: 0, host: "127.0.0.1" });
    await Promise.all([app.inject("/"), app.inject("/"), app.fetch(new Request("http://localhost/"))]);
    await app.close({ drainIdle: 0 });
    assert.deepEqual(steps, [
      ...down("ready", "app", "middle", "left", "right"),
      ...down("listen", "app", "middle", "left", "right"),
      ...up("close", "right", "left", "middle", "app"),
    ]);
  });
});
