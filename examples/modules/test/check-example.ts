import assert from "node:assert/strict";
import { startProcess } from "miqro-tests/process";
import { exchanges } from "./answers.js";

/** Starts the example, compares every answer with what it has to be, and resolves to what it wrote until its end. */
export async function checkExample(command: string, args: readonly string[]): Promise<string> {
  const example = startProcess(command, args, { env: { ...process.env, PORT: "0" } });
  try {
    const [, url = ""] = await example.waitFor(/Tasks at (http:\S+)/);
    for (const { path, init, status, body, headers } of exchanges) {
      const answer = await fetch(url + path, { redirect: "manual", ...init });
      const given = Object.fromEntries(Object.keys(headers).map((name) => [name, answer.headers.get(name)]));
      assert.deepEqual(
        { status: answer.status, body: await answer.text(), headers: given },
        { status, body, headers },
        `${init?.method ?? "GET"} ${path}`,
      );
    }
    assert.equal(await example.stop("SIGTERM"), 0, example.output());
    return example.output();
  } finally {
    await example.stop("SIGKILL");
  }
}
