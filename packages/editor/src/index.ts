export type {
  AppQuestion,
  EditorHost,
  FileTemplate,
  HostEvent,
  Output,
  RunningEditor,
} from "./editor/host.js";
export { startEditor } from "./editor/start-editor.js";
