import assert from "node:assert/strict";
import { describe, it } from "node:test";
import JSX from "@miqro/jsx";
import { HTMLEncode, renderToString } from "@miqro/jsx-node";
import fc from "fast-check";

/** Texts of all kinds of characters, of which some are long. */
const texts = fc
  .tuple(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.nat(300))
  .map(([odd, usual, times]) => odd + usual.repeat(times) + odd);

/** A text as a client gets it. */
const sent = (text: string): string => Buffer.from(text).toString();

describe("the bytes of a page", () => {
  it("hold every text and attribute, whatever its characters and its length", () => {
    fc.assert(
      fc.property(texts, texts, (text, title) => {
        const expected = `<p title="${HTMLEncode(sent(title))}">${HTMLEncode(sent(text))}</p>`;
        const bare = title === "" ? expected.replace(' title=""', " title") : expected;
        assert.equal(renderToString(<p title={title}>{text}</p>), bare);
      }),
    );
  });

  it("hold raw HTML of all lengths", () => {
    for (const html of ["", "<b>é</b>", "é".repeat(500), "<i>&amp;</i>".repeat(10_000)]) {
      assert.equal(renderToString(<div innerHTML={html} />), `<div>${html}</div>`);
    }
  });

  it("replace half of a surrogate pair, which no encoding of a page can hold", () => {
    assert.equal(renderToString(<p>{"a\ud800b\udc00"}</p>), "<p>a\ufffdb\ufffd</p>");
    assert.equal(
      renderToString(<p>{`${"x".repeat(127)}😀${"&".repeat(200)}😀`}</p>),
      `<p>${"x".repeat(127)}😀${"&amp;".repeat(200)}😀</p>`,
    );
  });

  it("hold names beyond ASCII", () => {
    assert.equal(renderToString(<x-é data-ü="1">a</x-é>), '<x-é data-ü="1">a</x-é>');
    assert.equal(renderToString(<p>a</p>), "<p>a</p>");
  });

  it("belong to the inner page while a component renders one", () => {
    const Mail = ({ depth }: { depth: number }) => {
      const inner = depth === 0 ? "é" : renderToString(<Mail depth={depth - 1} />);
      return <p>{inner.length}</p>;
    };
    assert.equal(renderToString([<i>a</i>, <Mail depth={3} />, <b>&</b>]), "<i>a</i><p>8</p><b>&amp;</b>");
  });

  it("forget a page that fails, and the part of an inner one", () => {
    const Fail = () => {
      throw new Error("no");
    };
    const Outer = () => {
      assert.throws(() => renderToString([<p>lost</p>, <Fail />]), /no/);
      return "kept";
    };
    assert.equal(renderToString([<b>1</b>, <Outer />]), "<b>1</b>kept");
    assert.equal(renderToString(<i>2</i>), "<i>2</i>");
  });

  it("keep the values of an attribute apart, however many there are", () => {
    const values = Array.from({ length: 500 }, (_, index) => (index % 3 === 0 ? "one" : `v${index}`));
    for (let round = 0; round < 3; round++) {
      const html = renderToString(values.map((value) => <p class={value} title="t" />));
      assert.equal(html, values.map((value) => `<p class="${value}" title="t"></p>`).join(""));
    }
  });

  it("give back the memory of a large page", () => {
    const large = "é&".repeat(2_000_000);
    assert.equal(renderToString(<p>{large}</p>).length, 7 + 2_000_000 * 6);
    assert.equal(renderToString(<p>é</p>), "<p>é</p>");
  });
});
