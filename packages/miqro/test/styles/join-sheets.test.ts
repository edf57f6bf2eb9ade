import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "miqro-tests/cpu-time";
import { joinSheets } from "../../dist/styles/join-sheets.js";

const folder = "/app/http";
const sheet = (path: string, text: string, line = 1) => ({ file: `${folder}/${path}`, path, line, text });
const join = (texts: Readonly<Record<string, string>>, url = "/css/all.css") =>
  joinSheets(
    Object.entries(texts).map(([path, text], index) => sheet(path, text, index + 1)),
    {
      url,
      servedPath: (file) => (file.startsWith(`${folder}/`) ? file.slice(folder.length) : undefined),
    },
  );

describe("joinSheets", () => {
  const joined: readonly [title: string, texts: Record<string, string>, css: string][] = [
    ["sheets in their order", { "css/b.css": "b {}\n", "css/a.css": "a {}\n" }, "b {}\na {}\n"],
    ["empty sheets", { "css/a.css": "", "css/b.css": "\n\n" }, "\n"],
    ["line ends of Windows", { "css/a.css": "a {\r\n}\r\n" }, "a {\r\n}\n"],
    [
      "a sheet whose last rule is open",
      { "css/a.css": "a { color: red", "css/b.css": "b {}" },
      "a { color: red}\nb {}\n",
    ],
    [
      "rules that are open in each other",
      { "css/a.css": "@media print { a { x: y", "css/b.css": "b {}" },
      "@media print { a { x: y}}\nb {}\n",
    ],
    [
      "a comment that is open",
      { "css/a.css": "a {} /* note", "css/b.css": "b {}" },
      "a {} /* note*/\nb {}\n",
    ],
    ["a comment of one slash", { "css/a.css": "/*/", "css/b.css": "b {}" }, "/*/*/\nb {}\n"],
    [
      "braces in strings and comments",
      { "css/a.css": 'a::after { content: "}{" } /* { */', "css/b.css": "b {}" },
      'a::after { content: "}{" } /* { */\nb {}\n',
    ],
    [
      "a quote that is escaped",
      { "css/a.css": String.raw`a { content: "\"}" }`, "css/b.css": "b {}" },
      `${String.raw`a { content: "\"}" }`}\nb {}\n`,
    ],
    ["too many closing braces", { "css/a.css": "a {}}", "css/b.css": "b {}" }, "a {}}\nb {}\n"],
    [
      "@charset, which the answer says",
      { "css/a.css": '@charset "utf-8";\na {}', "css/b.css": "@charset 'x';b {}" },
      "\na {}\nb {}\n",
    ],
    [
      "@import of other sites, first",
      { "css/a.css": "a {}", "css/b.css": "@import url(https://x.example/f.css) screen;\nb {}" },
      "@import url(https://x.example/f.css) screen;\na {}\n\nb {}\n",
    ],
    [
      "@import without its semicolon",
      { "css/a.css": '@import "//x.example/f.css"' },
      '@import "//x.example/f.css";\n',
    ],
    [
      "@import with a semicolon in its address",
      { "css/a.css": '@import "https://x.example/f?a;b";a{}' },
      '@import "https://x.example/f?a;b";\na{}\n',
    ],
    [
      "@import behind a rule, which is none",
      { "css/a.css": 'a {}\n@import "b.css";' },
      'a {}\n@import "b.css";\n',
    ],
    [
      "@import in a comment or a string",
      { "css/a.css": '/* @import "b.css"; */ a { content: \'@import "c.css";\' }' },
      '/* @import "b.css"; */ a { content: \'@import "c.css";\' }\n',
    ],
    [
      "@layer, in its place",
      { "css/a.css": "@layer a, b;", "css/b.css": "@layer a { b {} }" },
      "@layer a, b;\n@layer a { b {} }\n",
    ],
    ["a URL beside the bundle", { "css/a.css": "a { src: url(x.png) }" }, 'a { src: url("x.png") }\n'],
    [
      "a URL of a sheet in a folder",
      { "css/parts/a.css": "a { src: url(img/x.png) }" },
      'a { src: url("parts/img/x.png") }\n',
    ],
    ["a URL of a sheet above", { "a.css": "a { src: url('x.png') }" }, 'a { src: url("../x.png") }\n'],
    [
      "a URL that goes up",
      { "css/parts/a.css": 'a { src: url( "../../x.png" ) }' },
      'a { src: url("../x.png") }\n',
    ],
    [
      "a URL with a query and a fragment",
      { "css/parts/a.css": "a { src: url(f.eot?#iefix) format('x') }" },
      "a { src: url(\"parts/f.eot?#iefix\") format('x') }\n",
    ],
    [
      "a URL with blanks and quotes",
      { "css/p/a.css": `a { src: url("a 'b'.png") }` },
      `a { src: url("p/a%20'b'.png") }\n`,
    ],
    [
      "a URL that is encoded",
      { "css/p/a.css": "a { src: url(a%20b.png) }" },
      'a { src: url("p/a%20b.png") }\n',
    ],
    [
      "a URL with escapes of CSS",
      { "css/p/a.css": String.raw`a { src: url(a\(b\).png) } b { src: url("\61 b.png") }` },
      'a { src: url("p/a(b).png") } b { src: url("p/ab.png") }\n',
    ],
    ["URL in capitals", { "css/p/a.css": "a { src: URL(x.png) }" }, 'a { src: url("p/x.png") }\n'],
    [
      "URLs that lead to the same place from anywhere",
      {
        "css/p/a.css":
          'a { src: url(/x.png), url(https://x.example/y), url(//h/z), url(#id), url(""), url(data:image/png;base64,AA/+=) }',
      },
      'a { src: url(/x.png), url(https://x.example/y), url(//h/z), url(#id), url(""), url(data:image/png;base64,AA/+=) }\n',
    ],
    [
      "a picture in the text",
      { "css/p/a.css": `a { src: url("data:image/svg+xml,<svg xmlns='http://x' viewBox='0 0 1 1'/>") }` },
      `a { src: url("data:image/svg+xml,<svg xmlns='http://x' viewBox='0 0 1 1'/>") }\n`,
    ],
    [
      "URLs in comments and strings",
      { "css/p/a.css": '/* url(x.png) */ a { content: "url(x.png)" }' },
      '/* url(x.png) */ a { content: "url(x.png)" }\n',
    ],
    ["names that end like url", { "css/p/a.css": "a { x: my-url(x.png) }" }, "a { x: my-url(x.png) }\n"],
  ];
  for (const [title, texts, css] of joined) {
    it(`keeps ${title}`, () => assert.deepEqual(join(texts), { css, faults: [] }));
  }

  it("writes URLs for a bundle at the root", () => {
    assert.equal(
      join({ "css/p/a.css": "a { src: url(x.png) }" }, "/all.css").css,
      'a { src: url("css/p/x.png") }\n',
    );
  });

  const refused: readonly [title: string, texts: Record<string, string>, fault: RegExp][] = [
    [
      "@import of a file",
      { "css/a.css": "a {}", "css/b.css": '@import "c.css";' },
      /^line 2: css\/b\.css imports "c\.css"\. Add that file to the bundle in an earlier line/,
    ],
    [
      "@import of a file by url()",
      { "css/a.css": "@import url( './c.css' ) print;" },
      /imports "\.\/c\.css"/,
    ],
    ["@import of a path", { "css/a.css": "@import '/c.css';" }, /imports "\/c\.css"/],
    [
      "a URL that is not served",
      { "css/a.css": "a { src: url(../../secret.png) }" },
      /^line 1: css\/a\.css refers to "\.\.\/\.\.\/secret\.png", which is not served/,
    ],
  ];
  for (const [title, texts, fault] of refused) {
    it(`tells of ${title}`, () => {
      const { faults } = join(texts);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", fault);
    });
  }

  it("takes linear time", () => {
    for (const text of ['"', "/*", "url(", "@import ", "{", "url(\\", "a{b:url('"]) {
      const ms = cpuTime(() => void join({ "css/a.css": text.repeat(100_000) }));
      assert.ok(ms < 1_000, `${text} took ${ms} ms`);
    }
  });
});
