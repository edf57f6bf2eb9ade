import { frameAt } from "../lifecycle/code-frame.js";
import { describeImportError } from "./describe-import-error.js";
import { findLoadPosition } from "./find-load-position.js";
import { toPlace } from "./read-position.js";
import type { ServiceFile } from "./scan-service.js";

/** Describes an error of the import of a file: the error, its position, the remedy, and the lines around the position. */
export function describeLoadError(error: Error, file: ServiceFile): string {
  const position = findLoadPosition(error, file);
  const where = position === undefined ? "" : ` (${toPlace(position)})`;
  const message = describeImportError(error, file, position) ?? `${error.name}: ${error.message}${where}`;
  const frame = position === undefined ? undefined : frameAt(position.file, position.line, position.column);
  return frame === undefined ? message : `${message}\n${frame}`;
}
