import type { Problem } from "../errors.js";
import { codeFrame } from "../lifecycle/code-frame.js";

/** The position at which a compiler stopped. Lines and columns count from 1. */
export interface CompilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A compiler's error about a source: the message, the position, and the lines around it. */
export function compileProblem(text: string, { file, line, column }: CompilePlace): Problem {
  const place = `${file}:${line}:${column}`;
  const frame = codeFrame(` (${place})`);
  const sentence = `${text.replace(/[.\s]+$/, "")} (${place})`;
  return { file, message: frame === undefined ? sentence : `${sentence}\n${frame}` };
}
