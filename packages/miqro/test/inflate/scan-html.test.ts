import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "miqro-tests/cpu-time";
import { scanCSS, scanHTML } from "../../dist/inflate/scan-html.js";
import { decodeReferences } from "../../dist/markdown/html-text.js";

/** The values of the links, each of which stands where the scan says. */
function linksOf(html: string): string[] {
  return scanHTML(html).links.map(({ start, end, value, use }) => {
    const written = decodeReferences(html.slice(start, end)).trim();
    assert.equal(written, value, html);
    return `${use} ${value}`;
  });
}

describe("scanHTML", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['<a href="/x">', ["page /x"]],
    ["<A HREF='/x'>", ["page /x"]],
    ["<a href=/x>", ["page /x"]],
    ['<a class="a>b" href="/x">', ["page /x"]],
    ['<a\n  href = "/x"\n>', ["page /x"]],
    ['<a href="/x?a=1&amp;b=2">', ["page /x?a=1&b=2"]],
    ['<a href=" /x ">', ["page /x"]],
    ['<a href="/x" href="/y">', ["page /x"]],
    ['<a data-href="/x">', []],
    ['<a href="/x" rel="noopener external">', []],
    ["<a name=x>", []],
    ['<p title="<a href=/x>">', []],
    ['<!-- <a href="/x"> --><a href="/y">', ["page /y"]],
    ['<!--><a href="/y">', ["page /y"]],
    ['<!-- <a href="/x">', []],
    ['<script>"<a href=/x>"</script><a href="/y">', ["page /y"]],
    ['<script src="/s.js"></script>', ["asset /s.js"]],
    ['<textarea><a href="/x"></textarea><a href=/y>', ["page /y"]],
    ['<style>a { background: url("/i.png") }</style>', ["asset /i.png"]],
    ['<p style="background: url(/i.png)">', ["asset /i.png"]],
    ['<img src="/a.png" srcset="/a.png 1x, /b.png 2x">', ["asset /a.png", "asset /a.png", "asset /b.png"]],
    ['<img srcset="/a.png, /b,c.png 100w">', ["asset /a.png", "asset /b,c.png"]],
    ['<source srcset="/a.avif">', ["asset /a.avif"]],
    ['<link rel="stylesheet" href="/a.css"><link rel=preconnect href="//x.y">', ["asset /a.css"]],
    ['<form method="POST" action="/send">', ["form /send"]],
    ['<base href="/docs/">', ["base /docs/"]],
    ["<iframe src=/frame.html></iframe>", ["page /frame.html"]],
    ['<svg><use href="/i.svg#a"/></svg>', ["asset /i.svg#a"]],
    ['<svg><a xlink:href="/x">', ["page /x"]],
    ['<svg><feImage href="/i.png"/></svg>', ["asset /i.png"]],
    [
      '<p style="background: url(&quot;/a b.png&quot;), url(&#39;/c.png?x=1&amp;y=2&#39;)">',
      ["asset /a b.png", "asset /c.png?x=1&y=2"],
    ],
    ['<p style="content: &quot;&lt;&quot;; background: url(/d.png?a&amp;b)">', ["asset /d.png?a&b"]],
    [
      '<img srcset="/a.png?w=1&amp;h=2 1x, /b.png?w=3&#38;h=4 2x">',
      ["asset /a.png?w=1&h=2", "asset /b.png?w=3&h=4"],
    ],
    ['<img srcset="/b.png 2x" src="/a.png">', ["asset /b.png", "asset /a.png"]],
    ['<video poster="/p.png" src="/v.mp4">', ["asset /p.png", "asset /v.mp4"]],
    ['<a style="background: url(/i.png)" href="/x">', ["asset /i.png", "page /x"]],
    ['<meta http-equiv="refresh" content="5; url=/x">', ["page /x"]],
    ['<meta http-equiv=Refresh content="0;URL=&#39;/x?a=1&amp;b&#39;">', ["page /x?a=1&b"]],
    ['<meta http-equiv="refresh" content="30">', []],
    ['<link rel="canonical" href="/x">', ["name /x"]],
    [
      '<script type="importmap">{"imports":{"a":"/a.js","b/":"./b/","c":"https://x.y/c.js"}}</script>',
      ["name /a.js", "name ./b/"],
    ],
    ['<script type="application/json">{"a":"/a.js"}</script>', []],
    ['<iframe><a href="/x"></iframe><a href="/y">', ["page /y"]],
    ["a < b <a href=/x>", ["page /x"]],
    ["<a href=/x", []],
    ["</a href=/x>", []],
  ];
  for (const [html, links] of cases) {
    it(`finds ${JSON.stringify(links)} in ${html}`, () => assert.deepEqual(linksOf(html), links));
  }

  it("tells the title, the meta data, and whether the page says how it is encoded", () => {
    const scanned = scanHTML(
      '<!DOCTYPE html><html><head><meta charset=utf-8><title> A &amp;\n B</title><META NAME="Description" content="c"><meta property="article:published_time" content="2026-01-02"></head>',
    );
    assert.equal(scanned.title, "A & B");
    assert.deepEqual(
      [...scanned.meta],
      [
        ["description", "c"],
        ["article:published_time", "2026-01-02"],
      ],
    );
    assert.equal(scanned.hasCharset, true);
    assert.equal(scanHTML("<html><head><title>x</title>").hasCharset, false);
  });

  it("tells of forms that post", () => {
    assert.equal(scanHTML("<form method=post>").posts, true);
    assert.equal(scanHTML("<form action=/search>").posts, false);
  });

  it("takes linear time", () => {
    for (const text of ["<a ", "<!--", '<a href="', "<", "<a b=c ", "<style>", "<p '"]) {
      const html = text.repeat(50_000);
      const ms = cpuTime(() => void scanHTML(html));
      assert.ok(ms < 2000, `${text} took ${ms} ms`);
    }
  });
});

describe("scanCSS", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["a { b: url(x.png) }", ["x.png"]],
    ["a { b: url( 'x y.png' ) }", ["x y.png"]],
    ['@import "a.css"; @import url(b.css);', ["a.css", "b.css"]],
    ["/* url(x.png) */", []],
    ["a { b: url() }", []],
  ];
  for (const [css, links] of cases) {
    it(`finds ${JSON.stringify(links)} in ${css}`, () =>
      assert.deepEqual(
        scanCSS(css).map(({ value }) => value),
        links,
      ));
  }
});
