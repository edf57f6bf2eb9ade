import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type RunningProcess, startProcess } from "miqro-tests/process";

const blog = fileURLToPath(new URL("../..", import.meta.url));
const programs = fileURLToPath(new URL("../../../../packages/miqro/bin/", import.meta.url));
const parts = fileURLToPath(new URL("../../../../test/parts/node_modules", import.meta.url));

/** What the author of a blog in a test signs in with. */
export const password = "open sesame";

/** The program that serves the blog. */
export interface BlogProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The environment, besides what a test adds. */
  readonly env: NodeJS.ProcessEnv;
}

/** `npm start`. */
export const server: BlogProgram = {
  command: process.execPath,
  args: [join(programs, "miqro.js"), "--no-build"],
  cwd: blog,
  env: process.env,
};

/** The same in two workers. */
export const cluster: BlogProgram = {
  command: process.execPath,
  args: [join(programs, "miqro-cluster.js"), "--no-build"],
  cwd: blog,
  env: { ...process.env, CLUSTER_COUNT: "2" },
};

/** One file, alone in a folder, which finds no program of the machine. */
export interface BlogExecutable extends BlogProgram {
  remove(): Promise<void>;
}

/** An environment in which postject is found. */
export const partsEnvironment: NodeJS.ProcessEnv = { ...process.env, NODE_PATH: parts };

/** Makes a static site of the blog, with what an executable is made of beside it, and returns its folder. */
export async function inflateBlog(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const args = ["--inflate", "--inflate-flat", "--inflate-sea", "--inflate-dir", folder, "--no-build"];
  const inflating = startProcess(process.execPath, [join(programs, "miqro.js"), ...args], {
    cwd: blog,
    env: { ...process.env, ...env },
  });
  if ((await inflating.exited) !== 0) throw new Error(`The blog was not inflated:\n${inflating.output()}`);
  return folder;
}

/** An executable in its folder. */
function executableAt(command: string): BlogProgram {
  return { command, args: [], cwd: dirname(command), env: { PATH: "", LOG_FILE: "false" } };
}

const { BLOG_EXECUTABLE } = process.env;
/** Tests start the server, or the executable at the path of `BLOG_EXECUTABLE`. */
const usual = BLOG_EXECUTABLE === undefined ? server : executableAt(BLOG_EXECUTABLE);

/** Compiles the blog. */
export async function compileBlog(): Promise<BlogExecutable> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-blog-executable-"));
  const command = join(folder, "blog");
  const compiling = startProcess(
    process.execPath,
    [join(programs, "miqro.js"), "--compile", "--no-build", "--compile-out", command],
    { cwd: blog, env: partsEnvironment },
  );
  const code = await compiling.exited;
  if (code !== 0) throw new Error(`The blog was not compiled (${code}):\n${compiling.output()}`);
  return { ...executableAt(command), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A blog with a database of its own. */
export interface Blog {
  readonly url: string;
  readonly storage: string;
  /** The id of the process of the server. */
  pid(): number;
  /** Everything that the server wrote since it was started last. */
  output(): string;
  /** Ends the server and starts another one on the same port, with the same database. */
  restart(): Promise<void>;
  /** Ends the server; resolves when it is gone. */
  end(): Promise<void>;
  /** Starts it again after `end`. */
  begin(): Promise<void>;
  /** Ends the server and removes its database. */
  remove(): Promise<void>;
}

/** Starts the blog; `env` is added to the environment. */
export async function startBlog(
  env: NodeJS.ProcessEnv = {},
  { command, args, cwd, env: own }: BlogProgram = usual,
): Promise<Blog> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-blog-"));
  const storage = join(folder, "blog.sqlite3");
  let port = env.PORT ?? "0";
  let running: RunningProcess;
  let url = "";
  const begin = async () => {
    running = startProcess(command, [...args, "--host", "127.0.0.1"], {
      cwd,
      env: { ...own, BLOG_STORAGE: storage, AUTHOR_PASSWORD: password, ...env, PORT: port },
    });
    [, url = ""] = await running.waitFor(/on (http:\/\/\S+) \(/);
    port = new URL(url).port;
  };
  const end = async () => {
    await running.stop();
  };
  await begin();
  return {
    url,
    storage,
    begin,
    end,
    pid: () => running.child.pid as number,
    output: () => running.output(),
    restart: () => end().then(begin),
    remove: () => end().then(() => rm(folder, { recursive: true, force: true })),
  };
}

/** Sends a form as a browser without JavaScript does, and does not follow the redirect. */
export function sendForm(
  url: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { accept: "text/html,*/*;q=0.8", ...headers },
    body: new URLSearchParams(fields),
  });
}

/** Signs in and resolves to the cookie to send. */
export async function signIn({ url }: Blog): Promise<string> {
  const [cookie = ""] = (await sendForm(`${url}/sign-in`, { password })).headers.getSetCookie();
  return cookie.slice(0, cookie.indexOf(";"));
}

/** Publishes a post and resolves to its path. */
export async function publish(
  { url }: Blog,
  cookie: string,
  title: string,
  content = "Content.",
): Promise<string> {
  const response = await sendForm(`${url}/write`, { title, content }, { cookie });
  return response.headers.get("location") ?? "";
}
