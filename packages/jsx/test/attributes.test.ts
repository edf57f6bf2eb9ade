import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toAttributeName, toAttributeText, toStyleName, toStyleValue, unsafeURL } from "@miqro/jsx";

describe("toAttributeText", () => {
  it("treats true and false as presence, and as words where they are words", () => {
    assert.equal(toAttributeText("disabled", true), "");
    assert.equal(toAttributeText("disabled", false), undefined);
    assert.equal(toAttributeText("aria-hidden", false), "false");
    assert.equal(toAttributeText("draggable", true), "true");
    assert.equal(toAttributeText("data-x", 0), "0");
  });

  it("leaves out null, undefined, functions and symbols", () => {
    for (const value of [null, undefined, () => {}, Symbol("x")])
      assert.equal(toAttributeText("x", value), undefined);
  });

  it("refuses URLs that run scripts, however they are written", () => {
    const urls = [
      "javascript:alert(1)",
      " JavaScript:0",
      "java\tscript:0",
      "\u0001javascript:0",
      "j\na\nvascript\r:0",
    ];
    for (const name of ["href", "src", "action", "formaction", "FORMACTION", "xlink:href"]) {
      for (const url of urls)
        assert.equal(toAttributeText(name, url), "about:blank#blocked", `${name}=${url}`);
    }
    assert.equal(toAttributeText("href", { toString: () => "javascript:0" }), "about:blank#blocked");
    assert.equal(toAttributeText("href", "/javascript:0"), "/javascript:0");
    assert.equal(toAttributeText("title", "javascript:0"), "javascript:0");
  });

  it("lets a URL pass that its author vouches for, which JSON cannot do", () => {
    assert.equal(toAttributeText("href", unsafeURL("javascript:0")), "javascript:0");
    const forged = JSON.parse('{"brand":"miqro.unsafe-url","url":"javascript:0"}');
    assert.equal(toAttributeText("href", forged), "[object Object]");
  });
});

describe("toAttributeName", () => {
  it("knows the props that have another name in HTML and SVG", () => {
    const props = ["className", "htmlFor", "defaultValue", "defaultChecked", "defaultSelected", "xlink:href"];
    const names = ["class", "for", "value", "checked", "selected", "href"];
    assert.deepEqual(props.map(toAttributeName), names);
    assert.deepEqual(["id", "constructor"].map(toAttributeName), ["id", "constructor"]);
  });
});

describe("toStyleName and toStyleValue", () => {
  it("write what CSS reads", () => {
    assert.deepEqual(["backgroundColor", "--ownName", "msGrid", "color"].map(toStyleName), [
      "background-color",
      "--ownName",
      "-ms-grid",
      "color",
    ]);
  });

  it("add a unit to lengths only", () => {
    const lengths = [
      "width",
      "top",
      "marginLeft",
      "gap",
      "gridGap",
      "gridRowGap",
      "flexBasis",
      "columnGap",
      "columnWidth",
    ];
    for (const name of lengths) assert.equal(toStyleValue(name, 1), "1px", name);
    const numbers = [
      "opacity",
      "zIndex",
      "flex",
      "flexGrow",
      "lineHeight",
      "fontWeight",
      "gridRow",
      "order",
      "orphans",
    ];
    for (const name of [
      ...numbers,
      "--x",
      "zoom",
      "scale",
      "columns",
      "columnCount",
      "widows",
      "strokeWidth",
    ]) {
      assert.equal(toStyleValue(name, 1), "1", name);
    }
    assert.equal(toStyleValue("width", 0), "0");
    assert.equal(toStyleValue("width", null), "");
  });
});
