import { type DocumentType, documentTypes, formats } from "../../documents/formats.js";
import { exitCodes, MiqroError } from "../../errors.js";
import { didYouMean } from "../../options/did-you-mean.js";
import type { CommandArguments } from "../arguments.js";
import { readAPI } from "../read-api.js";
import { reportWritten, writeOutput } from "../write-output.js";

/** `miqro --generate-doc`: writes a document of the API, and ends. */
export async function generateDoc(args: CommandArguments): Promise<number> {
  const type = readType(args.generateDocType);
  const { file, load } = formats[type];
  const out = args.generateDocOut ?? file;
  if (args.generateDocType === undefined) checkEnding(out);
  const [model, write] = await Promise.all([readAPI(args, args.generateDocAll === true), load()]);
  writeOutput(out, write(model, []));
  reportWritten(out, model);
  return exitCodes.ok;
}

function readType(given = "MD"): DocumentType {
  const type = documentTypes.find((one) => one === given.toUpperCase());
  if (type !== undefined) return type;
  throw new MiqroError(
    "MIQRO_ARGUMENT",
    `--generate-doc-type is "${given}", which is not a type of document. ${didYouMean(given, documentTypes)}`,
  );
}

/** Without a type, the document is Markdown, which does not fit a file `api.json`. */
function checkEnding(out: string): void {
  const [, ending = ""] = /\.(json|html?|txt)$/i.exec(out) ?? [];
  const meant = { json: "JSON or OPENAPI", htm: "HTML", html: "HTML", txt: "LLMS" }[ending.toLowerCase()];
  if (meant === undefined) return;
  throw new MiqroError(
    "MIQRO_ARGUMENT",
    `${out} would hold Markdown, the default. Add --generate-doc-type with ${meant}, or with MD if that is meant.`,
  );
}
