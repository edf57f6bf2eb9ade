import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Router, SessionHandler, WebSocketServer } from "@miqro/core";
import { Database } from "@miqro/query";
import { listFaults } from "../dist/options/list-faults.js";

const route = (options: unknown) => new Router().route(options as never);
const socket = (options: unknown) => new WebSocketServer(options as never);
const session = (options: unknown) => SessionHandler(options as never);
const database = (options: unknown) => new Database(options as never);
const verify = () => null;
const handler = () => 1;

describe("listFaults", () => {
  const cases: readonly (readonly [
    what: string,
    construct: (options: unknown) => unknown,
    options: unknown,
    ...faults: RegExp[],
  ])[] = [
    ["sound options", socket, { path: "/x" }],
    ["one fault", socket, { path: "/x", maxPayload: "1" }, /"maxPayload"/],
    ["several faults", socket, { path: "/x", orgins: 1, maxPayload: -1 }, /"orgins"/, /"maxPayload"/],
    ["a key that is missing", socket, { maxPayload: 1 }, /`path`/],
    ["a key that is needed and wrong", socket, { path: 1 }, /`path`/],
    ["no object", socket, 5, /takes an object, not 5/],
    ["nothing", session, null, /takes an object, not null/],
    ["a database", database, { nme: "x", storage: 7, lockTimeout: -1 }, /"nme"/, /^storage/, /^lockTimeout/],
    ["options that contradict each other", database, { url: "postgres://x" }, /^url is for a server/],
    ["a dialect that is needed", database, { dialect: "pg", url: "postgres://x", bigint: 1 }, /^bigint/],
    ["a session", session, { verify, tokenLocation: "body", path: 1 }, /"tokenLocation"/, /"path"/],
    ["a session without a check", session, { tokenLocation: "body" }, /"tokenLocation"/, /`verify/],
    ["a function that is none", session, { verify: 1 }, /"verify"/],
    ["a route", route, { path: "/x", handler, methd: "GET", tags: 1 }, /"methd"/, /"tags"/],
    ["a route's schema", route, { path: "/x", handler, request: { bdy: 1 } }, /"bdy"/],
    ["a route's key that its path names", route, { path: "/tags", handler, tags: 1 }, /"tags"/],
  ];
  for (const [what, construct, options, ...expected] of cases) {
    it(`tells of ${what}`, () => {
      const faults = listFaults(options, construct);
      assert.equal(faults.length, expected.length, faults.map(({ message }) => message).join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(faults[index]?.message ?? "", pattern);
    });
  }

  it("takes the issues of an exception that has told everything, and asks no more", () => {
    let asked = 0;
    const error = Object.assign(new Error("2 faults"), {
      issues: [
        { path: "pool.max", message: "`max` is at least 1." },
        { path: "storage", message: "It must be a string." },
        { path: "", message: "Something else." },
      ],
    });
    const faults = listFaults({ pool: { max: 0 }, storage: 1 }, () => {
      asked++;
      throw error;
    });
    assert.deepEqual(
      faults.map(({ message }) => message),
      ["`max` is at least 1.", '"storage": It must be a string.', "Something else."],
    );
    assert.equal(asked, 1);
    assert.equal(faults[0]?.cause, error);
  });

  it("takes those of the exception that another one wraps", () => {
    const inner = Object.assign(new Error("1 fault"), { issues: [{ path: "a", message: "`a` is odd." }] });
    const faults = listFaults({}, () => {
      throw new Error("GET /x: 1 fault", { cause: inner });
    });
    assert.deepEqual(
      faults.map(({ message }) => message),
      ["`a` is odd."],
    );
  });

  it("ends for a constructor that always throws, whatever it throws", () => {
    for (const thrown of [undefined, null, "a word", Object.create(null), new Error("a and b")]) {
      const faults = listFaults({ a: 1, b: 2 }, () => {
        throw thrown;
      });
      assert.equal(faults.length, 1);
    }
  });
});
