import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { fileReasonOf, MiqroError } from "../errors.js";

/**
 * Reads the variables of a file such as `.env`, without variables that the environment already has.
 * @throws {MiqroError} `MIQRO_CONFIG` if the file cannot be read
 */
export function readEnvFile(path: string, env: NodeJS.ProcessEnv): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new MiqroError(
      "MIQRO_CONFIG",
      `The variables of ${path} cannot be read: ${fileReasonOf(error)}. "envFile" of miqro.json, or --env-file, names it.`,
    );
  }
  const variables = Object.entries(parseEnv(text) as Record<string, string>);
  return Object.fromEntries(variables.filter(([name]) => env[name] === undefined));
}

/**
 * Removes the variables of a file from the environment of a process that only starts other processes. The other processes
 * read the file again, so they also get its later changes. The variables are in the environment because Node.js itself
 * reads the file of `--env-file`, even if the flag comes after the script.
 */
export function forgetEnvFile(path: string, env: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(readEnvFile(path, {}))) {
    if (env[name] === value) delete env[name];
  }
}

/** The line about a `.env` that no setting names; undefined if reading it would change nothing. */
export function noteUnreadEnvFile(path: string, env: NodeJS.ProcessEnv): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    if (Object.keys(readEnvFile(path, env)).length === 0) return undefined;
  } catch {
    return undefined;
  }
  return `${path} is not read. To read it, write --env-file ${path}, or "envFile": ".env" in miqro.json.`;
}
