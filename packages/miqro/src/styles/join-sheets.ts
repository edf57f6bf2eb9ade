import { dirname, posix, resolve } from "node:path";
import type { StyleSheet } from "./read-bundle.js";

/** The URLs of the sheets of a bundle. */
export interface JoinOptions {
  /** The path at which the bundle is served. */
  readonly url: string;
  /** The path at which a file is served; undefined for a file that is not served. */
  servedPath(file: string): string | undefined;
}

/** One style sheet, joined from several, and the parts that cannot be joined. */
export interface JoinedSheets {
  readonly css: string;
  /** The problems, in full sentences. */
  readonly faults: readonly string[];
}

const string = String.raw`"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?`;
// The parts of a sheet that matter when its text moves: comments and strings, whose content is ignored; URLs;
// statements that are only valid at the beginning; and braces.
const token = new RegExp(
  [
    String.raw`\/\*[\s\S]*?(?:\*\/|$)`,
    String.raw`@import\s*(?:${string}|\/\*[\s\S]*?\*\/|[^;"'{}])*;?`,
    String.raw`@charset\s*(?:${string})\s*;?`,
    String.raw`(?<![\w-])url\(\s*(?:${string}|(?:\\[\s\S]|[^"'()\s\\])*)\s*\)?`,
    string,
    "[{}]",
  ].join("|"),
  "gi",
);

/**
 * Joins style sheets in their order. The meaning of each sheet stays: URLs lead to the same files, `@import` of other
 * sites comes first, and brackets that a sheet leaves open are closed before the next sheet.
 */
export function joinSheets(sheets: readonly StyleSheet[], options: JoinOptions): JoinedSheets {
  const imports: string[] = [];
  const faults: string[] = [];
  const texts = sheets.map((sheet) => moveSheet(sheet, options, imports, faults));
  return { css: `${[...imports, ...texts].join("\n").trimEnd()}\n`, faults };
}

function moveSheet(sheet: StyleSheet, options: JoinOptions, imports: string[], faults: string[]): string {
  const tell = (fault: string): void => void faults.push(`line ${sheet.line}: ${sheet.path} ${fault}`);
  const closers: string[] = [];
  let hasRules = false;
  let open = "";
  const text = sheet.text.replace(token, (found) => {
    if (found === "{") {
      hasRules = true;
      closers.push("}");
    } else if (found === "}") closers.pop();
    else if (found.startsWith("/*")) {
      if (found.length < 4 || !found.endsWith("*/")) open = "*/";
    } else if (/^@charset/i.test(found)) return "";
    else if (/^@import/i.test(found)) {
      // After other rules it is ignored, in the bundle as well.
      if (hasRules) return found;
      const address = readAddress(found);
      if (isElsewhere(address)) imports.push(found.endsWith(";") ? found : `${found};`);
      else
        tell(`imports "${address}". Add that file to the bundle in an earlier line, and remove the @import.`);
      return "";
    } else if (/^url\(/i.test(found)) return moveURL(found, sheet, options, tell);
    return found;
  });
  return `${text.trimEnd()}${open}${closers.join("")}`;
}

function moveURL(
  found: string,
  { file }: StyleSheet,
  { url, servedPath }: JoinOptions,
  tell: (fault: string) => void,
): string {
  const address = readAddress(found);
  if (address === "" || address.startsWith("#") || address.startsWith("/") || isElsewhere(address))
    return found;
  const [, path = "", rest = ""] = /^([^?#]*)(.*)$/s.exec(address) ?? [];
  const served = servedPath(resolve(dirname(file), decode(path)));
  if (served === undefined) {
    tell(`refers to "${address}", which is not served. Put that file below http/ or static/.`);
    return found;
  }
  const moved = posix.relative(posix.dirname(url), served).split("/").map(encodeURIComponent).join("/");
  return `url("${moved}${rest.replace(/["\\\n]/g, encodeURIComponent)}")`;
}

/** The URL in `url(...)` or `@import ...`. */
function readAddress(found: string): string {
  const [, double, single, plain] =
    /^(?:@import\s*)?(?:url\(\s*)?(?:"((?:\\[\s\S]|[^"\\\n])*)"?|'((?:\\[\s\S]|[^'\\\n])*)'?|((?:\\[\s\S]|[^"'()\s\\;])*))/i.exec(
      found,
    ) ?? [];
  const escaped = /\\(?:([\da-f]{1,6})\s?|(\r?\n)|([\s\S]))/gi;
  return (double ?? single ?? plain ?? "").replace(
    escaped,
    (_, hex?: string, end?: string, character = "") => {
      if (hex === undefined) return end === undefined ? character : "";
      const code = Number.parseInt(hex, 16);
      return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
    },
  );
}

/** Whether a URL has a scheme or a host. */
function isElsewhere(address: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
