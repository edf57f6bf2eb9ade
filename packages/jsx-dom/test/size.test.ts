import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const counter = `
  import JSX, { useState } from "@miqro/jsx";
  import { define } from "@miqro/jsx-dom";
  function Counter() {
    const [n, setN] = useState(0);
    return JSX.createElement("button", { onClick: () => setN(n + 1) }, "count: ", n);
  }
  define("my-counter", Counter, { observedAttributes: ["initial"], shadowInit: false });
`;

describe("a counter in a web component", () => {
  it("is at most 6.6 kB, minified and compressed", async () => {
    const bundle = await build({
      stdin: { contents: counter, resolveDir: import.meta.dirname },
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      write: false,
    });
    const size = gzipSync(bundle.outputFiles[0]?.contents ?? "").length;
    assert.ok(size > 1000, "the bundle holds the packages");
    assert.ok(size <= 6595, `${size} bytes`);
  });
});
