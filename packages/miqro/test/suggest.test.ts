import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { suggest } from "../dist/options/suggest.js";

describe("suggest", () => {
  const known = ["dialect", "name", "storage", "url"];
  it("finds the word that was meant", () => {
    assert.equal(suggest("dialct", known), "dialect");
    assert.equal(suggest("Storage", known), "storage");
    assert.equal(suggest("nmae", known), "name");
    assert.equal(suggest("ulr", known), "url");
  });

  it("is silent when nothing is near", () => {
    assert.equal(suggest("connection", known), undefined);
    assert.equal(suggest("x", known), undefined);
    assert.equal(suggest("", []), undefined);
  });
});
