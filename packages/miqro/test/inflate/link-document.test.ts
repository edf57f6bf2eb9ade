import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createElement as h, type VNode } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import fc from "fast-check";
import { toFileName } from "../../dist/inflate/file-name.js";
import { linkDocument } from "../../dist/inflate/link-document.js";
import { scanHTML } from "../../dist/inflate/scan-html.js";
import { parseSiteBase, type SiteBase } from "../../dist/inflate/site-base.js";
import { SitePaths } from "../../dist/inflate/site-paths.js";

const html = "text/html";
const paths: readonly (readonly [string, string])[] = [
  ["/", html],
  ["/docs/guide", html],
  ["/docs/deep", html],
  ["/docs/x.html", html],
  ["/api/docs", "text/markdown"],
  ["/img/a.png", "image/png"],
  ["/Käse", html],
];

function link(from: string, html: string, base = "/", isAnywhere = false) {
  const site = new SitePaths(parseSiteBase(base) as SiteBase);
  for (const [path, type] of paths) site.add(path, toFileName(path, type) ?? "");
  const file = site.find(from) ?? site.add(from, "404.html");
  const document = { path: encodeURI(from), file, text: html, links: scanHTML(html).links, isAnywhere };
  return linkDocument(document, site);
}

describe("linkDocument", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    // At the root, only what file servers do otherwise is changed.
    ["/", "/docs/x.html", "/", "/docs/x.html"],
    ["/", "docs/guide", "/", "docs/guide"],
    ["/docs/x.html", "guide", "/", "guide"],
    ["/docs/guide", "deep", "/", "../deep"],
    ["/docs/guide", "./x.html?a=1#b", "/", ".././x.html?a=1#b"],
    ["/docs/guide", "../img/a.png", "/", "../../img/a.png"],
    ["/docs/guide", "#part", "/", "#part"],
    ["/docs/guide", "?page=2", "/", "?page=2"],
    ["/docs/guide", "", "/", ""],
    ["/docs/guide", "mailto:a@b.c", "/", "mailto:a@b.c"],
    ["/docs/guide", "https://b.c/docs/guide", "/", "https://b.c/docs/guide"],
    ["/docs/guide", "//b.c/x", "/", "//b.c/x"],
    ["/", "/api/docs#a", "/", "/api/docs.md#a"],
    ["/docs/x.html", "../api/docs", "/", "../api/docs.md"],
    ["/docs/guide", "../api/docs", "/", "../../api/docs.md"],
    // Below a base, absolute links get it.
    ["/", "/docs/guide", "/repo/", "/repo/docs/guide"],
    ["/", "/", "/repo/", "/repo/"],
    ["/", "docs/guide", "/repo/", "docs/guide"],
    ["/docs/guide", "deep", "/repo/", "../deep"],
    ["/", "/api/docs", "/repo/", "/repo/api/docs.md"],
    ["/", "/K%C3%A4se", "/repo/", "/repo/K%C3%A4se"],
  ];
  for (const [from, given, base, wanted] of cases) {
    it(`writes ${JSON.stringify(wanted)} for ${JSON.stringify(given)} in ${from} below ${base}`, () => {
      const { text, open } = link(from, `<a href="${given}">x</a>`, base);
      assert.equal(text, `<a href="${wanted}">x</a>`);
      assert.deepEqual(open, []);
    });
  }

  it("makes the links of a page absolute that is shown at any path", () => {
    assert.equal(
      link("/404.html", '<a href="docs/guide?a#b">', "/repo/", true).text,
      '<a href="/repo/docs/guide?a#b">',
    );
  });

  it("leaves relative links to <base>, which gets the base of the site", () => {
    const { text, open } = link("/docs/guide", '<base href="/docs/"><a href="x.html"><a href="/">', "/repo/");
    assert.equal(text, '<base href="/repo/docs/"><a href="x.html"><a href="/repo/">');
    assert.deepEqual(open, []);
  });

  it("finds links that lead nowhere, those with the URL of the site too", () => {
    const open = (html: string, base?: string) => link("/docs/guide", html, base).open.map((one) => one.link);
    assert.deepEqual(open('<a href="nope"><a href="/docs/deep/"><img src=/img/b.png>'), [
      "nope",
      "/img/b.png",
    ]);
    assert.deepEqual(
      open(
        '<a href="https://a.b/r/nope"><a href="https://a.b/r/docs/deep"><a href="https://a.b/x">',
        "https://a.b/r/",
      ),
      ["https://a.b/r/nope"],
    );
    assert.deepEqual(open('<form action="/send" method="post">'), []);
  });

  it("tells of links to pages with a query", () => {
    assert.deepEqual(link("/", '<a href="/docs/guide?page=2"><img src="/img/a.png?v=2">').queries, [
      "/docs/guide?page=2",
    ]);
  });
});

describe("toFileName", () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ["/", "text/html; charset=utf-8", "index.html"],
    ["/x/", "text/html", "x/index.html"],
    ["/x", "text/html", "x/index.html"],
    ["/x.html", "text/html", "x.html"],
    ["/v1.0", "text/html", "v1.0/index.html"],
    ["/x", "application/json", "x.json"],
    ["/x", "text/markdown; charset=utf-8", "x.md"],
    ["/x", "application/problem+json", "x.json"],
    ["/x", "application/openapi+json", "x.json"],
    ["/feed", "application/rss+xml", "feed.xml"],
    ["/feed.rss", "application/rss+xml", "feed.rss"],
    ["/x.js", "application/javascript", "x.js"],
    ["/x.bin", "application/octet-stream", "x.bin"],
    ["/x", "application/octet-stream", "x"],
    ["/x.html", "application/json", undefined],
    ["/x.json", "text/html", undefined],
    ["/", "text/plain", undefined],
  ];
  for (const [path, type, name] of cases) {
    it(`is ${name} for ${path} with ${type}`, () => assert.equal(toFileName(path, type), name));
  }
});

describe("a page below a base", () => {
  it("is the page that is rendered with the base in each of its paths, however they are written", () => {
    const path = fc.constantFrom(
      "/docs/x.html",
      "/docs/guide",
      "/img/a.png",
      "/img/a.png?w=1&h=2",
      "/K%C3%A4se",
      "/",
    );
    const quote = fc.constantFrom("", '"', "'");
    type Part = (base: string) => VNode;
    const part: fc.Arbitrary<Part> = fc.oneof(
      fc.tuple(path, path, fc.boolean()).map(
        ([one, other, swap]): Part =>
          (base) => {
            const srcset = `${base}${one} 1x, ${base}${other} 2x`;
            return h("img", swap ? { srcset, alt: "<&>", src: base + other } : { src: base + other, srcset });
          },
      ),
      fc.tuple(path, path, quote).map(
        ([one, other, mark]): Part =>
          (base) => {
            const backgroundImage = `url(${mark}${base}${one}${mark})`;
            return h(
              "a",
              { title: `"'&`, style: { color: "red", backgroundImage }, href: base + other },
              "a < b",
            );
          },
      ),
      fc.tuple(path, path).map(
        ([one, other]): Part =>
          (base) =>
            h("video", { poster: base + one, src: base + other }),
      ),
      path.map(
        (one): Part =>
          (base) =>
            h("meta", { "http-equiv": "refresh", content: `5; url=${base}${one}` }),
      ),
      path.map(
        (one): Part =>
          (base) =>
            h("link", { href: base + one, rel: "canonical" }),
      ),
      path.map(
        (one): Part =>
          (base) =>
            h("svg", null, h("a", { "xlink:href": base + one }), h("image", { href: base + one })),
      ),
      fc.tuple(path, path).map(
        ([one, other]): Part =>
          (base) =>
            h(
              "script",
              { type: "importmap" },
              JSON.stringify({ imports: { a: base + one, [base + other]: "https://x.y/z.js" } }),
            ),
      ),
      path.map(
        (one): Part =>
          (base) =>
            h("style", null, `a { background: url("${base}${one}") }`),
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const render = (base: string) => renderToString(h("body", null, ...parts.map((make) => make(base))));
        const { text, open } = link("/", render(""), "/repo/");
        assert.equal(text, render("/repo"));
        assert.deepEqual(open, []);
      }),
    );
  });
});
