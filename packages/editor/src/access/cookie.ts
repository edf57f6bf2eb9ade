import { createHash } from "node:crypto";
import { currentEditor } from "../editor/current-editor.js";

const { root, host } = currentEditor();
/** Identifies the project, because several projects may use the same address at different times. */
export const projectId: string = createHash("sha256")
  .update(`${root}:${host.port}`)
  .digest("hex")
  .slice(0, 8);

/**
 * The name of the session cookie. A browser sends a cookie to all ports of a host, so the editors of two projects need
 * different names.
 */
export const cookieName: string = `miqro_editor_${projectId}`;
