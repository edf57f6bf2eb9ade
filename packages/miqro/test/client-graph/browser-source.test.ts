import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toBrowserSource } from "../../dist/client-graph/browser-source.js";

const inProduction = (source: string) => toBrowserSource(source, "production");

describe("toBrowserSource", () => {
  it("replaces process.env.NODE_ENV where it is code", () => {
    assert.equal(
      inProduction("if (process.env.NODE_ENV !== 'test') a();"),
      "if (\"production\" !== 'test') a();",
    );
    assert.equal(inProduction('x = process.env["NODE_ENV"]'), 'x = "production"');
    assert.equal(toBrowserSource(`\`\${process.env.NODE_ENV}\``, "development"), `\`\${"development"}\``);
    assert.equal(
      inProduction("process.env.NODE_ENV / 2 / process.env.NODE_ENV"),
      '"production" / 2 / "production"',
    );
  });

  it("leaves it alone in strings, templates, comments and regular expressions", () => {
    for (const source of [
      '"process.env.NODE_ENV"',
      "`process.env.NODE_ENV`",
      "// process.env.NODE_ENV",
      "/* process.env.NODE_ENV */",
      "x = /process.env.NODE_ENV/",
      "if (a) /process.env.NODE_ENV/.test(b)",
    ]) {
      assert.equal(inProduction(source), source);
    }
  });

  it("leaves other names and assignments alone", () => {
    for (const source of [
      "process.env.NODE_ENV_2",
      "my.process.env.NODE_ENV",
      "subprocess.env.NODE_ENV",
      "process.env.NODE_ENV = 'test'",
      "process.env.PORT",
    ]) {
      assert.equal(inProduction(source), source);
    }
    assert.equal(inProduction("process.env.NODE_ENV == a"), '"production" == a');
  });

  it("drops comments that name a source map, and nothing that only looks like one", () => {
    assert.equal(inProduction("a();\n//# sourceMappingURL=a.js.map\n"), "a();\n\n");
    assert.equal(inProduction("a();\n//# sourceMappingURL=a.js.map"), "a();\n");
    assert.equal(inProduction("a();\n//# sourceMappingURL=process.env.NODE_ENV;\nb();"), "a();\n\nb();");
    assert.equal(inProduction("a(); /*# sourceMappingURL=a.js.map */"), "a(); ");
    assert.equal(inProduction("a\n//# sourceMappingURL=a.js.map\n/b/.test(c)"), "a\n\n/b/.test(c)");
    for (const source of ["x = `\n//# sourceMappingURL=a.js.map\n`", 'x = "//# sourceMappingURL=a.js.map"']) {
      assert.equal(inProduction(source), source);
    }
  });

  it("drops a byte order mark", () => {
    assert.equal(inProduction("\uFEFFimport './a.js';"), "import './a.js';");
  });

  it("returns text that is not JavaScript as it is", () => {
    assert.equal(inProduction("let x = `${ process.env.NODE_ENV"), "let x = `${ process.env.NODE_ENV");
  });
});
