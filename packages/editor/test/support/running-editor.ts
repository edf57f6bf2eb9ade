import { type IncomingHttpHeaders, request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningProcess, startProcess } from "miqro-tests/process";
import type { Project } from "./project.js";

const program = fileURLToPath(new URL("../../../miqro/bin/miqro.js", import.meta.url));

/** The answer of the editor or of the app. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json<T = Record<string, unknown>>(): T;
}

/** A request; the headers are sent as they are, `Host` too. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** `miqro --editor` in a project. */
export interface RunningEditor {
  readonly server: RunningProcess;
  /** The address of the editor, without a key. */
  readonly url: string;
  /** With its key. */
  readonly keyURL: string;
  readonly appURL: string;
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** Exchanges the key for a session, with which `ask` goes on. It returns the cookie. */
  signIn(): Promise<string>;
  stop(): Promise<unknown>;
}

/** Starts `miqro --editor` in a project; compiled files are its sources, unless a compiler runs beside. */
export async function startEditor(project: Project, args: readonly string[] = []): Promise<RunningEditor> {
  const port = args.includes("--port") ? [] : ["--port", "0"];
  const flags = ["--no-build", "--editor", "--service", "app", ...port, ...args];
  const server = startProcess(process.execPath, [program, ...flags], {
    cwd: project.path,
    env: { ...process.env, NODE_ENV: "", NO_COLOR: "1" },
  });
  const [, keyURL = "", url = ""] = await server.waitFor(/Editor on ((http:\/\/[^\s/]+)\/\S+)/);
  const [, appURL = ""] = await server.waitFor(/(?:miqro [\d.]+ on|Showing it on) (http:\/\/[^\s/]+)/);
  let cookie: string | undefined;
  const ask = (path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, url),
        {
          method,
          agent: false,
          headers: {
            ...(cookie === undefined ? {} : { cookie }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
        },
        (response) => {
          response.toArray().then((chunks) => {
            const text = Buffer.concat(chunks).toString();
            const { statusCode: status = 0, headers: received } = response;
            resolve({ status, headers: received, text, json: <T>() => JSON.parse(text) as T });
          }, reject);
        },
      );
      sent.once("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    server,
    url,
    keyURL,
    appURL,
    ask,
    async signIn() {
      const { headers } = await ask(new URL(keyURL).pathname + new URL(keyURL).search);
      cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
      return cookie;
    },
    stop: () => server.stop(),
  };
}

/** A path in a project. */
export function inProject(project: Project, path: string): string {
  return join(project.path, path);
}
