import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArguments } from "../dist/cli/arguments.js";
import { helpText } from "../dist/cli/help.js";

describe("parseArguments", () => {
  it("keeps services in their order", () => {
    const { services } = parseArguments(["--service", "a/", "--no-build", "--service=b/"]);
    assert.deepEqual(services, ["a/", "b/"]);
  });

  it("reads every command", () => {
    for (const command of ["migrate-up", "migrate-down", "install-tsconfig", "install-miqrojson"] as const) {
      assert.equal(parseArguments([`--${command}`]).command, command);
    }
    assert.equal(parseArguments(["-h"]).command, "help");
    assert.equal(parseArguments(["-v"]).command, "version");
    assert.equal(parseArguments([]).command, "serve");
  });

  const refused: readonly (readonly [args: string[], message: RegExp])[] = [
    [["--wacth"], /--wacth is not a flag of miqro\. Did you mean --watch\?/],
    [["--zzzzzz"], /--zzzzzz is not a flag of miqro\. See miqro --help\./],
    [["--__proto__"], /not a flag/],
    [["-x"], /-x is not a flag/],
    [["--port"], /--port needs a value: --port PORT/],
    [["--port="], /--port needs a value/],
    [["--watch=yes"], /--watch takes no value, but got "yes"/],
    [["--port", "1", "--port", "2"], /--port is given more than once/],
    [["."], /"\." is not expected here\. To serve a folder, write: --service "\."$/],
    [["no-such-word"], /"no-such-word" is not expected here\. miqro serves without a command/],
    [["watch"], /"watch" is not expected here\. Did you mean --watch\?/],
    [["--port", "1", "index.js"], /To serve a function, name its file first: miqro index\.js/],
    [["--migrate-up", "--migrate-down"], /exclude each other/],
    [["--watch", "--migrate-up"], /--watch is for a server, but --migrate-up runs once and ends/],
    [["--https", "--init"], /--https is for a server/],
    [["--service", "a", "--install-tsconfig"], /--install-tsconfig does not read --service/],
    [["--init", "a", "b"], /"b" is not expected here/],
    [["--editor", "--migrate-up"], /--editor is for a server/],
    [["--inflate-sea"], /--inflate-sea .*--inflate/],
  ];
  for (const [args, message] of refused) {
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(() => parseArguments(args), { name: "MiqroError", message });
    });
  }
});

describe("--help", () => {
  it("fits 80 columns, and names no flag that is not there", () => {
    const text = helpText();
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
    for (const [flag] of text.matchAll(/--[a-z-]+/g)) {
      if (["--watch", "--service", "--preserve"].includes(flag)) continue;
      try {
        parseArguments([flag, "x"]);
      } catch (error) {
        assert.doesNotMatch((error as Error).message, /not a flag|not available/, flag);
      }
    }
  });
});
