import { ConflictError } from "miqro";
import { currentEditor } from "../editor/current-editor.js";
import type { AppQuestion } from "../editor/host.js";

/**
 * Asks the running app.
 * @throws {ConflictError} when none runs, or it cannot answer
 */
export async function askApp(question: AppQuestion): Promise<unknown> {
  try {
    return await currentEditor().host.ask(question);
  } catch (error) {
    throw new ConflictError((error as Error).message);
  }
}
