import { ConflictError } from "miqro";
import { currentEditor } from "../editor/current-editor.js";
import type { AppQuestion } from "../editor/host.js";

/**
 * Sends a question to the running app and resolves to the answer.
 * @throws {ConflictError} if no app runs, or if it cannot answer
 */
export async function askApp(question: AppQuestion): Promise<unknown> {
  try {
    return await currentEditor().host.ask(question);
  } catch (error) {
    throw new ConflictError((error as Error).message);
  }
}
