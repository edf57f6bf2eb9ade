/** The files of a new app. The key is the path. A JSON file is an object. */
export type AppFiles = Readonly<Record<string, string | object>>;

/** The dependencies of the files. */
export interface AppFacts {
  readonly name: string;
  /** The version of miqro that writes it. */
  readonly version: string;
  /** Whether Node.js has SQLite built in. Otherwise a package is needed. */
  readonly hasSQLite: boolean;
}

/** A new app: a page from a database, an API route, a migration and a test. */
export function createAppFiles({ name, version, hasSQLite }: AppFacts): AppFiles {
  return {
    "package.json": {
      name,
      version: "0.0.0",
      private: true,
      type: "module",
      scripts: {
        dev: "node dev.js",
        build: "tsc",
        start: "tsc && miqro",
        test: "tsc && node --test dist/app/test/notes.test.js",
      },
      dependencies: { miqro: `^${version}`, ...(hasSQLite ? {} : { sqlite3: "^6.0.1" }) },
      devDependencies: { typescript: "^7.0.0" },
    },
    "miqro.json": {
      $schema: "./node_modules/miqro/miqro.schema.json",
      name,
      services: ["app/"],
      noBuild: true,
      logFile: false,
    },
    ".gitignore": "node_modules/\ndist/\n*.sqlite3*\n*.log\n.env\n",
    "dev.js": `// npm run dev: compiles, and serves what was compiled, until Ctrl+C.
import { spawn } from "node:child_process";

const run = (program, ...args) =>
  spawn(process.execPath, ["node_modules/" + program, ...args], { stdio: "inherit" });
const tsc = run("typescript/bin/tsc", "--watch", "--preserveWatchOutput");
const miqro = run("miqro/bin/miqro.js", "--watch", "--hot-reload", ...process.argv.slice(2));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => miqro.kill(signal));
miqro.on("exit", (code) => {
  tsc.kill();
  process.exitCode = code ?? 1;
});
`,
    "app/db.ts": `import type { DBConfig } from "miqro";

export default {
  name: "notes",
  dialect: "${hasSQLite ? "node:sqlite" : "sqlite3"}",
  storage: process.env.DB_FILE ?? "./notes.sqlite3",
} satisfies DBConfig;
`,
    "app/migration/001_create_notes.ts": `import type { MigrationModule } from "miqro";

export default {
  up: async (db) => {
    await db
      .createTable("notes", {
        id: { type: "integer", primaryKey: true, autoIncrement: true },
        text: { type: "string", notNull: true },
      })
      .yield();
  },
  down: async (db) => {
    await db.dropTable("notes").yield();
  },
} satisfies MigrationModule;
`,
    "app/http/index.html.tsx": `import JSX from "@miqro/jsx";
import type { Request } from "miqro";

export default async (req: Request) => {
  const notes = await req.server.db.get("notes")?.select().from("notes").yield();
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Notes</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <h1>Notes</h1>
        <form id="new">
          <input name="text" required placeholder="A new note" />
          <button>Add</button>
        </form>
        <ul>
          {notes?.map((note) => (
            <li>{String(note.text)}</li>
          ))}
        </ul>
        <script src="/js/form.js" />
      </body>
    </html>
  );
};
`,
    "app/http/js/form.min.ts": `// Runs in the browser.
const form = document.querySelector<HTMLFormElement>("#new");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = new FormData(form).get("text");
  await fetch("/notes", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  location.reload();
});
`,
    "app/http/notes.api.ts": `import { defineRoute, JSONParser } from "miqro";

export default defineRoute({
  method: "POST",
  middleware: JSONParser(),
  request: { body: { text: "string1" } },
  response: { status: 201, body: { id: "integer" } },
  handler: async (req, res) => {
    const [note] = await req.server.db
      .get("notes")!
      .insert("notes")
      .values({ text: req.body.text })
      .returning("id")
      .yield();
    return res.json({ id: Number(note?.id) }, {}, 201);
  },
});
`,
    "app/static/style.css": `body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; font: 1.1rem/1.5 system-ui, sans-serif; color-scheme: light dark }
input, button { font: inherit; padding: 0.3rem 0.6rem }
`,
    "app/test/notes.test.ts": `import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Miqro } from "miqro";

describe("notes", () => {
  // This test starts its own app with a database in memory.
  process.env.DB_FILE = ":memory:";
  const app = new Miqro({ services: ["app/"], port: 0, host: "127.0.0.1" });
  let url = "";

  before(async () => {
    const address = await app.start();
    if (typeof address !== "string") url = \`http://127.0.0.1:\${address.port}\`;
  });
  after(() => app.stop());

  const post = (body: object) =>
    fetch(url + "/notes", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });

  it("shows a note that was added", async () => {
    assert.equal((await post({ text: "Buy bread" })).status, 201);
    const page = await (await fetch(url + "/index.html")).text();
    assert.match(page, /<li>Buy bread<\\/li>/);
  });

  it("refuses a note without a text", async () => {
    assert.equal((await post({ text: "" })).status, 400);
  });
});
`,
  };
}
