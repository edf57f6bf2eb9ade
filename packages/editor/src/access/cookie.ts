import { createHash } from "node:crypto";
import { currentEditor } from "../editor/current-editor.js";

const { root, host } = currentEditor();
/** Tells projects apart that come to have the same address. */
export const projectId: string = createHash("sha256")
  .update(`${root}:${host.port}`)
  .digest("hex")
  .slice(0, 8);

/**
 * The name of the cookie that holds a session. A browser sends the cookies of one port to all ports of a machine, so
 * that the editors of two projects need two names.
 */
export const cookieName: string = `miqro_editor_${projectId}`;
