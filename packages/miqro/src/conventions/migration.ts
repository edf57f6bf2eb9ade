import type { MigrationModule } from "@miqro/query";
import { checkFields, type Fields } from "../options/check-fields.js";
import type { FileProblems } from "../options/file-problems.js";
import type { FileTemplate } from "./file-template.js";

const fields: Fields = {
  name: "string?",
  dbName: "string?",
  up: "function",
  down: "function?",
  rebuild: "boolean?",
};

/** Checks the default export of a file in `migration/`. Undefined if it has an error. */
export function checkMigration(value: unknown, problems: FileProblems): MigrationModule | undefined {
  const before = problems.count;
  if (value === undefined) {
    problems.add("it has no default export. Write: export default { up: async (db) => { ... } }");
  } else {
    problems.read(() => {
      for (const message of checkFields(value, fields, "the default export")) problems.add(message);
    });
  }
  return problems.count === before ? (value as MigrationModule) : undefined;
}

/** A template for a new migration. */
export const migrationTemplate: FileTemplate = {
  name: "migration/001_begin.ts",
  about: "a change of a database",
  text: `import type { MigrationModule } from "miqro";

export default {
  async up(db) {
    await db.query("CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT NOT NULL)");
  },
  async down(db) {
    await db.query("DROP TABLE items");
  },
} satisfies MigrationModule;
`,
};
