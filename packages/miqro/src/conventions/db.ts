import { closestName } from "@miqro/parser/closest-name";
import { Database, type DatabaseOptions } from "@miqro/query";
import { databaseOfEnvironment, databaseVariables } from "../composition/database-of-environment.js";
import { createDatabases } from "../composition/databases.js";
import { checkFields, type Fields } from "../options/check-fields.js";
import type { Convention } from "./convention.js";

/** The default export of `db.ts`. An array declares several databases. */
export interface DBConfig extends Omit<DatabaseOptions, "name" | "logger"> {
  /**
   * The name for `req.server.db.get(name)`. It is unique over all services. `satisfies DBConfig` keeps it as a literal
   * type.
   */
  name: "" | (string & Record<never, never>);
  /** True leaves the database out. */
  disabled?: boolean;
}

/** `db.ts`: the databases of a service. */
export const db: Convention<DBConfig> = {
  template: {
    name: "db.ts",
    about: "a database",
    text: `import type { DBConfig } from "miqro";

export default { name: "main", dialect: "node:sqlite", storage: "./main.sqlite3" } satisfies DBConfig;
`,
  },

  list: true,

  check(config, problems, what) {
    const { name, disabled, ...options } = Object(config) as DBConfig;
    // A mistyped key is not reported as missing as well.
    const mistyped = Object.keys(options).some((key) => closestName(key, ["name"]) !== undefined);
    const fields: Fields = mistyped ? { disabled: "boolean?" } : { name: "string", disabled: "boolean?" };
    const isObject = typeof config === "object" && config !== null && !Array.isArray(config);
    const own = isObject ? { disabled, ...(mistyped ? {} : { name }) } : config;
    for (const message of checkFields(own, fields, what)) problems.add(message);
    if (!isObject) return;
    if ("logger" in options) {
      problems.add(
        `"logger" in ${what} is set by miqro itself. Remove it. LOG_LEVEL_DATABASE_NAME sets its level.`,
      );
    }
    problems.ask(options, (asked) => new Database(asked));
  },

  compose(files, parts) {
    const { getLogger, problemsOf } = parts;
    parts.databases = createDatabases(getLogger);
    const { databases } = parts;
    const asked = databaseOfEnvironment(process.env);
    const [first] = files;
    if (asked !== undefined && first !== undefined) {
      getLogger("DATABASE_db").warn(
        "%s is not read, since %s names the databases.",
        databaseVariables(process.env).join(", "),
        first.file.source,
      );
    }
    const given = files.map(({ file, configs }) => ({ source: file.source, configs }));
    const own =
      asked === undefined || first !== undefined ? [] : [{ source: "the environment", configs: [asked] }];
    for (const { source, configs } of [...given, ...own]) {
      for (const { disabled, name, ...options } of configs) {
        if (disabled === true) continue;
        const problems = problemsOf(source);
        if (databases.get(name) !== undefined) {
          problems.add(`the database "${name}" exists already. Give each database its own name.`);
          continue;
        }
        problems.run(() => {
          const storage = parts.storageOf?.({ ...options, name });
          const own = storage === undefined ? options : { ...options, storage };
          databases.add(name, source, (logger) => new Database({ ...own, name, logger }));
        });
      }
    }
  },
};
