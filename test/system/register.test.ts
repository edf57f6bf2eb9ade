import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** A service whose project registers what its config files declare, as the README shows. */
const registered: Readonly<Record<string, string>> = {
  "auth.ts": `import type { AuthConfig } from "miqro";
export default {
  // Reads the database, whose type must not depend on that of the session.
  async verify({ token, req }) {
    const [row] = await req.server.db.get("blog").select().from("posts").yield();
    return row === undefined ? null : { account: "1", username: "u", groups: ["a"], token, plan: "free" as "free" | "paid" };
  },
} satisfies AuthConfig;
`,
  "db.ts": `import type { DBConfig } from "miqro";
export interface Tables {
  posts: { id: number; title: string };
}
export default [
  { name: "blog", storage: ":memory:" },
  { name: "maybe", disabled: process.env.X === "1" },
  { name: "sure", disabled: false },
] satisfies DBConfig[];
`,
  "register.ts": `import type auth from "./auth.js";
import type db from "./db.js";
import type { Tables } from "./db.js";
declare module "miqro" {
  interface Register {
    auth: typeof auth;
    db: typeof db;
    tables: { blog: Tables };
  }
}
`,
  "use.ts": `import { type APIOptions, defineRoute, type Handler, type Request, type TypedRequest } from "miqro";
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function is<_Fact extends true>(): void {}

export const handler: Handler = async (req) => {
  is<Equal<typeof req.session.plan, "free" | "paid">>();
  // @ts-expect-error no session has this
  req.session.nope;
  const [post] = await req.server.db.get("blog").select().from("posts").yield();
  is<Equal<NonNullable<typeof post>["title"], string>>();
  // @ts-expect-error no such table
  req.server.db.get("blog").select().from("nope");
  // @ts-expect-error it may be disabled
  req.server.db.get("maybe").select();
  req.server.db.get("sure").select();
  // @ts-expect-error no service has it
  req.server.db.get("blgo").select();
};
export const other = (req: Request) => req.session.groups.includes("x");

export const page = defineRoute({
  method: ["GET", "POST"],
  path: "/:id",
  request: { params: { id: "integer" }, body: { title: "string" }, invalid: "pass" },
  handler: (req) => {
    if (req.problem !== undefined) return req.problem.issues?.length;
    is<Equal<typeof req.params.id, number>>();
    is<Equal<typeof req.body, { title: string } | undefined>>();
    return req.session.plan;
  },
});
export const apiOptions = {
  request: { params: { id: "integer" }, body: { title: "string" } },
} satisfies APIOptions;
export default (req: TypedRequest<typeof apiOptions.request>): string => {
  is<Equal<typeof req.params.id, number>>();
  return req.body.title;
};
`,
};

/** Configs that say what they are not: any session, and perhaps none. */
const vague: Readonly<Record<string, string>> = {
  "auth.ts": `import type { AuthConfig, Session } from "miqro";
export const optional = {
  required: false,
  verify: () => ({ account: "1", username: "u", groups: [] as string[] }),
} satisfies AuthConfig;
export const service = {
  authService: { verify: async (): Promise<Session | null> => null },
  exclude: "/public",
} satisfies AuthConfig;
export default { verify: () => null } as AuthConfig;
`,
  "register.ts": `import type auth from "./auth.js";
import type { optional, service } from "./auth.js";
declare module "miqro" {
  interface Register {
    auth: typeof auth | typeof optional | typeof service;
  }
}
`,
  "use.ts": `import type { Handler } from "miqro";
export const handler: Handler = (req) => {
  // @ts-expect-error there may be none
  req.session.account;
  // @ts-expect-error there may be none
  req.server.db.get("blog").select();
  return req.session?.account;
};
`,
};

const compilers = {
  "TypeScript 7": join(root, "node_modules/typescript/bin/tsc"),
  "TypeScript 5.9": join(root, "test/parts/node_modules/typescript-5/bin/tsc"),
} as const;

describe("Register of miqro", () => {
  for (const [title, files] of Object.entries({ "config files": registered, "vague ones": vague })) {
    for (const compiler of Object.values(compilers)) {
      it(`gives handlers the types that ${title} declare, by ${compiler.includes("typescript-5") ? "TypeScript 5.9" : "TypeScript 7"}`, async () => {
        const folder = await mkdtemp(join(tmpdir(), "miqro-register-"));
        await symlink(join(root, "node_modules"), join(folder, "node_modules"));
        await writeFile(join(folder, "package.json"), '{ "type": "module" }');
        for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
        const compilerOptions = {
          module: "nodenext",
          target: "es2022",
          types: ["miqro"],
          strict: true,
          skipLibCheck: true,
          noEmit: true,
        };
        await writeFile(
          join(folder, "tsconfig.json"),
          JSON.stringify({ compilerOptions, include: ["*.ts"] }),
        );
        assert.equal(await compile(compiler, folder), "");
        await rm(folder, { recursive: true });
      });
    }
  }
});

/** What a compiler says of a project. */
function compile(compiler: string, folder: string): Promise<string> {
  return run(process.execPath, [compiler, "-p", folder, "--pretty", "false"]).then(
    () => "",
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
}
