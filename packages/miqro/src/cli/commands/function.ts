import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ListenOptions } from "@miqro/core";
import { type RequestHandler, type Service, serve } from "@miqro/core/micro";
import type { EndSignals } from "../end-signals.js";
import { FunctionError, parseFunctionArguments } from "../function-arguments.js";
import { packageVersion } from "../report.js";

/** The exit codes of micro. Programs that start it rely on them. */
const exitCodes = { ok: 0, failed: 1, help: 2 } as const;

const usage = `miqro FILE: serves the function that a file exports.

Usage: miqro [-l URI ...] [FILE]

  -l, --listen URI   the address; repeat it to listen on several addresses
  -p, --port PORT    a port, on all addresses of this machine or on --host
  -H, --host HOST    the host for --port
  -s, --socket PATH  the same as -l unix:PATH
      --help         this text
  -v, --version      the version

If FILE is left out or a dot, miqro serves "main" of package.json, or else
index.js. Without an address it listens on port 3000. The forms of URI:

  tcp://HOST:PORT    unix:/path/to/socket    pipe:\\\\.\\pipe\\NAME
`;

/** `miqro FILE`: serves a function as micro does, until a signal ends it. It returns the exit code of micro. */
export async function serveFunction(args: readonly string[], signals: EndSignals): Promise<number> {
  try {
    const { file, endpoints, help, version } = parseFunctionArguments(args);
    if (help) {
      console.error(usage);
      return exitCodes.help;
    }
    if (version) {
      console.log(packageVersion());
      return exitCodes.ok;
    }
    const service = serve(await loadFunction(findFile(file)));
    await listen(service, endpoints);
    await signals.first;
    console.log("miqro: Gracefully shutting down. Please wait...");
    await service.close();
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    console.error(`miqro: ${error.message} (${error.code})`);
    return exitCodes.failed;
  }
}

function findFile(given: string | undefined): string {
  const named = given === "." || given === "./" ? undefined : given;
  const file = named ?? readMain() ?? (existsSync("index.js") ? "index.js" : undefined);
  if (file === undefined) {
    throw new FunctionError("path-missing", "Please supply a file: miqro FILE.");
  }
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new FunctionError("path-not-existent", `The file or directory "${basename(path)}" doesn't exist!`);
  }
  return path;
}

function readMain(): string | undefined {
  if (!existsSync("package.json")) return undefined;
  try {
    const { main } = JSON.parse(readFileSync("package.json", "utf8")) as { main?: unknown };
    return typeof main === "string" && main !== "" ? main : undefined;
  } catch (error) {
    throw new FunctionError(
      "invalid-package-json",
      `Could not read \`package.json\`: ${(error as Error).message}`,
    );
  }
}

async function loadFunction(path: string): Promise<RequestHandler> {
  let exported: unknown;
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    exported = await module.default;
    // CommonJS that was compiled from an ES module has its default export in `exports.default`.
    if (typeof exported === "object" && exported !== null && "default" in exported)
      exported = await exported.default;
  } catch (error) {
    const reason = error instanceof Error ? error.stack : String(error);
    throw new FunctionError("invalid-entry", `Error when importing ${path}: ${reason}`);
  }
  if (typeof exported !== "function") {
    throw new FunctionError("no-export", `The file "${path}" does not export a function.`);
  }
  return exported as RequestHandler;
}

async function listen(service: Service, endpoints: readonly ListenOptions[]): Promise<void> {
  for (const endpoint of endpoints.length > 0 ? endpoints : [{ port: 3000 }]) {
    try {
      const address = await service.listen(endpoint);
      const place = typeof address === "string" ? address : `port ${address.port}`;
      console.log(`miqro: Accepting connections on ${place}`);
    } catch (error) {
      await service.close({ drainIdle: 0 });
      const place = endpoint.path ?? `port ${endpoint.port}`;
      throw new FunctionError("STARTUP_FAILURE", `Cannot listen on ${place}: ${(error as Error).message}`);
    }
  }
}
