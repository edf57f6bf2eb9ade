import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import type { ParseIssueCode, ParserErrorCode } from "@miqro/parser";

const errorCodes: Record<ParserErrorCode, true> = {
  PARSER_INVALID_VALUE: true,
  PARSER_INVALID_SCHEMA: true,
  PARSER_INVALID_OPTION: true,
  PARSER_INVALID_TYPE: true,
  PARSER_ASYNC_SCHEMA: true,
  PARSER_CALLBACK_FAILED: true,
};

const issueCodes: Record<ParseIssueCode, true> = {
  missing: true,
  wrong_type: true,
  wrong_value: true,
  wrong_format: true,
  wrong_pattern: true,
  too_short: true,
  too_long: true,
  too_small: true,
  too_big: true,
  not_multiple: true,
  not_unique: true,
  unknown_key: true,
  forbidden_key: true,
  refused: true,
  foreign: true,
  too_deep: true,
  unreadable: true,
};

async function documented(heading: string): Promise<string[]> {
  const text = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const section = text.split(`### ${heading}\n`)[1]?.split(/\n#/)[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? "");
}

describe("the README", () => {
  it("lists every error code, and no other", async () => {
    assert.deepEqual((await documented("Error codes")).sort(), Object.keys(errorCodes).sort());
  });

  it("lists every issue code, and no other", async () => {
    assert.deepEqual((await documented("Issue codes")).sort(), Object.keys(issueCodes).sort());
  });
});
