// The answers of an app that has every convention and every kind of file, as they were recorded. To record anew,
// after looking at what changed: RECORD=1 npm test -- miqro
import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { isBuiltin } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Miqro } from "miqro";
import { type RecordedRequest, requests } from "./recorded/requests.js";
import { createProject, type Project } from "./support/project.js";

const source = fileURLToPath(new URL("../test/recorded/", import.meta.url));
const recording = join(source, "answers.txt");

// Names that version control, or an editor, would not keep.
const hiddenFiles = {
  "first/http/.env": "SECRET=1\n",
  "first/http/x.test.js": "throw new Error('a test file was loaded');\n",
  "first/http/data.sqlite3": "rows\n",
  "first/static/.hidden": "hidden\n",
  "first/static/.well-known/security.txt": "Contact: mailto:security@example.org\n",
};

let project: Project;
let miqro: Miqro;
let port: number;

async function ask({ line, headers, body }: RecordedRequest): Promise<string> {
  const [method, path] = line.split(" ") as [string, string];
  const asked = request({ host: "127.0.0.1", port, method, path, headers, agent: false });
  asked.end(body);
  const upgraded = once(asked, "upgrade") as Promise<[IncomingMessage, NodeJS.WritableStream]>;
  const answered = once(asked, "response") as Promise<[IncomingMessage]>;
  upgraded.catch(() => {});
  answered.catch(() => {});
  const [answer, socket] = await Promise.race([upgraded, answered]);
  socket?.end();
  const shown = [line, ...Object.entries(headers ?? {}).map(([name, value]) => `> ${name}: ${value}`)];
  if (body !== undefined) shown.push(`> ${body}`);
  shown.push(String(answer.statusCode), ...headersOf(answer));
  const sent = socket === undefined ? await text(answer) : "";
  return mask([...shown, ...(sent === "" ? [] : ["", sent.trimEnd()])].join("\n"));
}

/** In an order that says nothing of who wrote them first. */
function headersOf({ rawHeaders }: IncomingMessage): string[] {
  const lines: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    lines.push(`${rawHeaders[i]?.toLowerCase()}: ${rawHeaders[i + 1]}`);
  }
  return lines.sort();
}

/** Hides what differs from run to run, and from version to version of the packages. */
function mask(answer: string): string {
  return answer
    .replaceAll(/^(date|last-modified|etag): .*/gm, "$1: *")
    .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, "*uuid*")
    .replaceAll(/\/_miqro\/[\w-]{6,}\//g, "/_miqro/*/")
    .replaceAll(`:${port}`, ":*port*");
}

const split = (recorded: string): string[] => recorded.trimEnd().split(/\n\n(?:-{20})\n\n/);

describe("the recorded answers", {
  skip: isBuiltin("node:sqlite") ? false : "Node.js 22.13 or newer is needed",
}, () => {
  before(async () => {
    project = await createProject({});
    await cp(join(source, "project"), project.path, { recursive: true });
    await project.write(hiddenFiles);
    miqro = new Miqro({
      services: ["first", "second"].map((name) => join(project.path, name)),
      port: 0,
      host: "127.0.0.1",
    });
    port = ((await miqro.start()) as AddressInfo).port;
  });
  after(async () => {
    await miqro.stop({ drainIdle: 0 });
    await project.remove();
  });

  it("are those of today", async () => {
    const answers: string[] = [];
    for (const one of requests) answers.push(await ask(one));
    if (process.env.RECORD === "1") {
      await writeFile(recording, `${answers.join(`\n\n${"-".repeat(20)}\n\n`)}\n`);
    }
    const recorded = split(await readFile(recording, "utf8"));
    for (const [index, answer] of answers.entries()) assert.equal(answer, recorded[index]);
    assert.equal(recorded.length, requests.length);
  });
});
