import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile } from "@miqro/parser";
import fc from "fast-check";

const { is } = compile("url");

describe("url", () => {
  it("accepts nothing that the platform cannot read", () => {
    const character = fc.constantFrom(..."ab19.-_:/?#[]@%&=+~ é\\x", "::", "%2f", "0x1f", "com");
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.array(character).map((parts) => parts.join("")),
    );
    const text = fc
      .tuple(
        fc.constantFrom("http://", "https://", "HTTP://"),
        host,
        fc.option(fc.nat(70_000), { nil: undefined }),
        fc.array(character),
      )
      .map(
        ([scheme, host, port, rest]) =>
          `${scheme}${host}${port === undefined ? "" : `:${port}`}/${rest.join("")}`,
      );
    let accepted = 0;
    fc.assert(
      fc.property(text, (text) => {
        if (!is(text)) return;
        accepted += 1;
        const url = new URL(text);
        assert.match(url.protocol, /^https?:$/);
        assert.equal(url.username + url.password, "");
        assert.notEqual(url.hostname, "");
      }),
      { numRuns: 5000, seed: 7 },
    );
    assert.ok(accepted > 500, `only ${accepted} were accepted`);
  });

  it("accepts what others generate", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => is(url)),
      { numRuns: 1000, seed: 7 },
    );
  });
});
