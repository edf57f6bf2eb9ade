import { createHash } from "node:crypto";
import type { Handler } from "@miqro/core";
import type { CompositionParts } from "../composition/parts.js";
import { MiqroError, messageOf } from "../errors.js";
import type { HttpFile } from "../service/scan-service.js";
import { joinSheets } from "../styles/join-sheets.js";
import { readBundle, type StyleSheet } from "../styles/read-bundle.js";
import { servedPathOf } from "../styles/served-path.js";
import type { HttpFileKind } from "./http-file-kind.js";
import { mountRoute } from "./route-file.js";

type Sheets = readonly StyleSheet[];

/** `x.css.bundle`: one style sheet, joined from the style sheets in its list. */
export const cssBundle: HttpFileKind<Sheets> = {
  template: {
    name: "http/css/all.css.bundle",
    about: "style sheets in one",
    text: `# one path on each line, relative to this file
`,
  },

  async read({ source }, { problems }) {
    try {
      const { sheets, faults } = await readBundle(source);
      for (const fault of faults) problems.add(fault);
      return faults.length > 0 ? undefined : sheets;
    } catch (error) {
      problems.add(messageOf(error), error);
      return undefined;
    }
  },

  mount(file, sheets, router, parts) {
    const { css, faults } = join(file, sheets, parts);
    for (const fault of faults) parts.problemsOf(file.source).add(fault);
    mountRoute(
      router,
      file,
      {},
      process.env.NODE_ENV === "development" ? readAgain(file, parts) : sending(css),
    );
  },
};

function join({ paths: [url = "/"] }: HttpFile, sheets: Sheets, { composition }: CompositionParts) {
  const services = composition.services.map(({ scanned }) => scanned);
  return joinSheets(sheets, { url, servedPath: (file) => servedPathOf(file, services) });
}

/** Joins the style sheets again for each request, so that a changed style sheet needs no new version of the app. */
function readAgain(file: HttpFile, parts: CompositionParts): Handler {
  return async (req, res) => {
    const { sheets, faults } = await readBundle(file.source);
    const joined = join(file, sheets, parts);
    const [fault] = [...faults, ...joined.faults];
    if (fault !== undefined) throw new MiqroError("MIQRO_SERVICE", `${file.source}: ${fault}`);
    return sending(joined.css)(req, res);
  };
}

function sending(css: string): Handler {
  const tag = `"${createHash("sha256").update(css).digest("base64url").slice(0, 22)}"`;
  const headers = { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-cache", ETag: tag };
  return (req, res) => {
    const isKnown = req.headers["if-none-match"]?.includes(tag) === true;
    res.asyncEnd(isKnown ? { status: 304, headers } : { status: 200, headers, body: css });
  };
}
