import assert from "node:assert/strict";
import { compile } from "@miqro/parser";
import { type Comparison, compare } from "../lib/compare.ts";
import { atLeast, atMost, type Result, type Target } from "../lib/result.ts";
import { checkByHand, parseByHand } from "./parser/by-hand.ts";
import {
  checkClosedOrderByHand,
  checkOrderByHand,
  explainOrderByHand,
  invalidOrders,
  orderChecks,
  orderSchema,
  orders,
} from "./parser/orders.ts";
import * as peers from "./parser/peers.ts";
import { checkTypes } from "./parser/types.ts";
import { createUserSchema, invalidUsers, userSchema, users } from "./parser/users.ts";

const user = compile(userSchema);
const order = compile(orderSchema);
const openOrder = compile(orderSchema, { mode: "add_extra" });

/** Ten fields, one of them an object and one a list; no others may be there. */
export default async function* parser(): AsyncGenerator<Result> {
  checkAgreement();
  yield valid();
  yield invalid();
  yield nested();
  yield nestedInvalid();
  yield compiling();
  yield await checkTypes();
}

/** All contestants must find the same, and hand-written code the very issues of the parser. */
function checkAgreement(): void {
  for (const value of [...users, ...invalidUsers]) {
    const result = user.safeParse(value);
    const fits = result.success;
    const issues = parseByHand(value);
    assert.deepEqual(issues, fits ? [] : result.issues);
    assert.equal(user.is(value), fits);
    assert.equal(checkByHand(value), fits);
    for (const [name, check] of Object.entries(peers.checks)) assert.equal(check(value), fits, name);
    for (const [name, count] of Object.entries(peers.countErrors))
      assert.equal(count(value), issues.length, name);
  }
}

function valid(): Result {
  const next = cycle(users);
  const comparison = compare({
    "by hand": () => checkByHand(next()),
    "miqro is": () => user.is(next()),
    "miqro safeParse": () => user.safeParse(next()).success,
    ajv: () => peers.checks.ajv(next()),
    typebox: () => peers.checks.typebox(next()),
    valibot: () => peers.checks.valibot(next()),
    zod: () => peers.checks.zod(next()),
  });
  const fastest = comparison.fastest(["ajv", "typebox"]);
  return table("parser: a valid object of ten fields", comparison, "by hand", [
    atMost(
      `time of safeParse as a multiple of ${fastest}'s`,
      1.2,
      1 / comparison.speed("miqro safeParse", fastest),
    ),
    atLeast("speed of safeParse as a multiple of zod's", 5, comparison.speed("miqro safeParse", "zod")),
    atLeast(
      "speed of safeParse as a part of hand-written",
      0.75,
      comparison.speed("miqro safeParse", "by hand"),
    ),
  ]);
}

function invalid(): Result {
  const next = cycle(invalidUsers);
  const comparison = compare({
    "by hand": () => parseByHand(next()),
    miqro: () => user.safeParse(next()),
    ajv: () => peers.countErrors.ajv(next()),
    typebox: () => peers.countErrors.typebox(next()),
    valibot: () => peers.countErrors.valibot(next()),
    zod: () => peers.countErrors.zod(next()),
  });
  return table("parser: the same with four faults, all of them told", comparison, "by hand", [
    atLeast("speed as a multiple of ajv's with allErrors", 1, comparison.speed("miqro", "ajv")),
    atLeast("speed as a part of hand-written", 0.65, comparison.speed("miqro", "by hand")),
  ]);
}

/** The peers let unknown keys be, as the parser does with `add_extra`. Code by hand is there with and without them. */
function nested(): Result {
  for (const value of orders) {
    assert.ok(checkOrderByHand(value) && checkClosedOrderByHand(value));
    assert.ok(order.is(value) && openOrder.is(value));
    for (const [name, check] of Object.entries(orderChecks)) assert.ok(check(value), name);
  }
  const next = cycle(orders);
  const comparison = compare({
    "by hand": () => checkOrderByHand(next()),
    "by hand, no unknown keys": () => checkClosedOrderByHand(next()),
    "miqro add_extra": () => openOrder.safeParse(next()).success,
    "miqro no_extra": () => order.safeParse(next()).success,
    ajv: () => orderChecks.ajv(next()),
    typebox: () => orderChecks.typebox(next()),
    zod: () => orderChecks.zod(next()),
  });
  return table("parser: five nested objects, valid", comparison, "by hand", [
    atLeast(
      "speed of add_extra as a part of hand-written",
      0.85,
      comparison.speed("miqro add_extra", "by hand"),
    ),
    atLeast(
      "speed of no_extra as a part of hand-written that refuses unknown keys",
      0.85,
      comparison.speed("miqro no_extra", "by hand, no unknown keys"),
    ),
  ]);
}

function nestedInvalid(): Result {
  for (const value of invalidOrders) {
    const result = openOrder.safeParse(value);
    const problems = explainOrderByHand(value);
    assert.deepEqual(
      result.success ? [] : result.issues.map(({ path }) => path),
      problems.map(({ path }) => path),
    );
  }
  const next = cycle(invalidOrders);
  const comparison = compare({
    "by hand": () => explainOrderByHand(next()),
    "miqro add_extra": () => openOrder.safeParse(next()),
    "miqro no_extra": () => order.safeParse(next()),
  });
  return table("parser: five nested objects with a fault or two", comparison, "by hand", [
    atLeast(
      "speed of no_extra as a part of hand-written",
      0.5,
      comparison.speed("miqro no_extra", "by hand"),
    ),
  ]);
}

/** Every schema has a key of its own, since engines keep what they compiled for a source that they know. */
function compiling(): Result {
  let count = 0;
  const value = users[0];
  const comparison = compare(
    {
      miqro() {
        count += 1;
        return compile(createUserSchema(`key${count}`)).safeParse(value);
      },
      ajv() {
        count += 1;
        return peers.compileAjv(`key${count}`)(value);
      },
      typebox() {
        count += 1;
        return peers.compileTypebox(`key${count}`).Check(value);
      },
      zod() {
        count += 1;
        return peers.createZod(`key${count}`).safeParse(value);
      },
    },
    { slices: 60, warmUp: 20 },
  );
  return table("parser: from the schema to the first answer", comparison, "ajv", [
    atMost("compile time", 1, comparison.time("miqro") / 1e6, " ms"),
  ]);
}

function table(title: string, comparison: Comparison, baseline: string, targets: readonly Target[]): Result {
  return {
    title,
    note: `Medians of ${comparison.slices} interleaved slices; speed as a part of that of ${baseline}.`,
    columns: ["", "time", "speed"],
    rows: comparison.names.map((name) => [
      name,
      formatTime(comparison.time(name)),
      comparison.speed(name, baseline).toFixed(2),
    ]),
    targets,
  };
}

function formatTime(nanoseconds: number): string {
  return nanoseconds < 10_000 ? `${nanoseconds.toFixed(0)} ns` : `${(nanoseconds / 1e6).toFixed(3)} ms`;
}

function cycle<T>(values: readonly T[]): () => T {
  let index = 0;
  return () => {
    index = index + 1 < values.length ? index + 1 : 0;
    return values[index] as T;
  };
}
