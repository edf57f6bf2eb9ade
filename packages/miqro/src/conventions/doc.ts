import { type DocumentType, documentTypes } from "../documents/formats.js";
import { createModelReader, type PublishedDocument, pathsOf, publish } from "../documents/publish.js";
import { pathShape } from "../http-files/route-paths.js";
import { checkFields } from "../options/check-fields.js";
import { didYouMean } from "../options/did-you-mean.js";
import type { FileProblems } from "../options/file-problems.js";
import type { Convention } from "./convention.js";

/** The default export of `doc.ts`. */
export interface DocConfig {
  /** The title of the documents. Default: the name in `package.json`. */
  readonly title?: string;
  /** The version of the API. Default: the version in `package.json`. */
  readonly version?: string;
  /** The purpose of the API. Backticks mark code. */
  readonly description?: string;
  /** The URLs below which the paths are, such as `https://api.example.com`. Default: the server of the document. */
  readonly servers?: readonly string[];
  /** Documents of all services, by the path at which each is served. Default: none. */
  readonly publish?: Readonly<Record<string, PublishOptions>>;
}

/** The form in which a document is served. */
export interface PublishOptions {
  /** Markdown, JSON, a page, OpenAPI 3.1, or `llms.txt`. */
  readonly type: DocumentType;
  /** True for pages and other files in addition to `.api.ts`. Default false. */
  readonly all?: boolean;
}

/** `doc.ts`: documents of the routes of all services. */
export const doc: Convention<DocConfig> = {
  template: {
    name: "doc.ts",
    about: "documents of the API",
    text: `import type { DocConfig } from "miqro";

export default {
  title: "API",
  publish: { "/docs.html": { type: "HTML" } },
} satisfies DocConfig;
`,
  },

  check(config, problems, what) {
    const fields = {
      title: "string1?",
      version: "string1?",
      description: "string?",
      servers: "string[]?",
      publish: "dict?",
    } as const;
    for (const fault of checkFields(config, fields, what)) problems.add(fault);
    for (const server of readServers(config)) {
      if (!isServer(server)) {
        problems.add(`"${server}" in "servers" is not a URL. Write a URL such as "https://api.example.com".`);
      }
    }
    const { publish: published } = Object(config) as DocConfig;
    if (typeof published !== "object" || published === null || Array.isArray(published)) return;
    for (const [path, options] of Object.entries(published)) checkPublished(path, options, problems);
  },

  compose(files, { problemsOf, sitePages }) {
    const taken = new Map<string, string>();
    for (const { file, configs, service } of files) {
      const problems = problemsOf(file.source);
      for (const document of configs.flatMap(documentsOf)) {
        for (const path of pathsOf(document)) {
          sitePages.push({ service, path, source: file.source });
          const other = taken.get(pathShape(path));
          taken.set(pathShape(path), file.source);
          if (other === undefined) continue;
          const where = other === file.source ? "this file" : other;
          problems.add(
            `${where} already publishes a document at "${path}". Give each document its own path.`,
          );
        }
      }
      const routes = service.http.filter(({ file: { isNotFoundPage } }) => isNotFoundPage !== true);
      for (const { kind, file: route, value } of routes) {
        const claims = kind.claims?.(route, value) ?? route.paths.map((path) => ({ method: "GET", path }));
        for (const { method, path } of claims) {
          if (method !== "GET" || taken.get(pathShape(path)) !== file.source) continue;
          problems.add(
            `${route.source} answers GET ${path}, at which a document is published. Change one of them.`,
          );
        }
      }
    }
  },

  mount(config, router, { composition: { services } }) {
    const documents = documentsOf(config);
    const others = documents.filter(({ type }) => type !== "LLMS");
    const readModel = createModelReader(services);
    for (const document of documents) publish(document, router, readModel, others);
  },
};

function documentsOf({ publish: published = {} }: DocConfig): PublishedDocument[] {
  return Object.entries(published).map(([path, { type, all = false }]) => ({ path, type, all }));
}

function checkPublished(path: string, options: unknown, problems: FileProblems): void {
  if (!path.startsWith("/") || /[:*?#\s]/.test(path)) {
    problems.add(
      `"${path}" in "publish" is not a path. Begin it with a slash, without parameters, as in "/api/docs".`,
    );
  }
  const what = `"${path}" of "publish"`;
  for (const fault of checkFields(options, { type: "string", all: "boolean?" }, what)) problems.add(fault);
  const { type } = Object(options) as { readonly type?: unknown };
  if (typeof type !== "string" || (documentTypes as readonly string[]).includes(type)) return;
  const upper = type.toUpperCase();
  const remedy = (documentTypes as readonly string[]).includes(upper)
    ? `Did you mean "${upper}"?`
    : didYouMean(type, documentTypes);
  problems.add(`"${type}" of ${what} is not a type of document. ${remedy}`);
}

function readServers({ servers }: DocConfig): readonly string[] {
  return Array.isArray(servers) ? servers.filter((server) => typeof server === "string") : [];
}

/** Whether a string is an HTTP URL, or a path on the server of the document. */
function isServer(text: string): boolean {
  if (/[\s;,]/.test(text) || !URL.canParse(text, "http://localhost")) return false;
  return /^https?:$/.test(new URL(text, "http://localhost").protocol);
}
