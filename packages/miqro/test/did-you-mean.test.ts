import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { didYouMean } from "../dist/options/did-you-mean.js";

describe("didYouMean", () => {
  const known = ["dialect", "name", "storage", "url"];

  it("names the word that was meant", () => {
    assert.equal(didYouMean("dialct", known), 'Did you mean "dialect"?');
    assert.equal(didYouMean("Storage", known), 'Did you mean "storage"?');
  });

  it("names all words when none is near", () => {
    assert.equal(didYouMean("connection", known), "Write one of: dialect, name, storage, url.");
  });
});
