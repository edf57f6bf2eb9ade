import type { OtherDocument } from "./llms.js";
import type { APIModel } from "./model.js";

/** The forms in which a document can be written. */
export type DocumentType = "MD" | "JSON" | "HTML" | "OPENAPI" | "LLMS";

/** A form of documents. */
export interface DocumentFormat {
  /** The `Content-Type` of a document. */
  readonly contentType: string;
  /** The file that the command line writes by default. */
  readonly file: string;
  /** Imports the writer, which returns the whole document as one string. */
  load(): Promise<(model: APIModel, others: readonly OtherDocument[]) => string>;
}

/** Every form of documents. */
export const formats: Readonly<Record<DocumentType, DocumentFormat>> = {
  MD: {
    contentType: "text/markdown; charset=utf-8",
    file: "API.md",
    load: async () => (await import("./markdown.js")).writeMarkdown,
  },
  JSON: {
    contentType: "application/json; charset=utf-8",
    file: "API.json",
    load: async () => (await import("./json.js")).writeJSON,
  },
  HTML: {
    contentType: "text/html; charset=utf-8",
    file: "API.html",
    load: async () => (await import("./html/write-html.js")).writeHTML,
  },
  OPENAPI: {
    contentType: "application/json; charset=utf-8",
    file: "openapi.json",
    load: async () => (await import("./openapi.js")).writeOpenAPI,
  },
  LLMS: {
    contentType: "text/plain; charset=utf-8",
    file: "llms.txt",
    load: async () => (await import("./llms.js")).writeLLMs,
  },
};

/** The names of all forms. */
export const documentTypes: readonly DocumentType[] = Object.keys(formats) as DocumentType[];
