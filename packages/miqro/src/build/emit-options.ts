import { dirname } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { MiqroError, messageOf } from "../errors.js";
import { findUpwards } from "./find-upwards.js";

/**
 * The compiler options that decide how JSX and classes are written. Other options of a tsconfig.json do not change the
 * output.
 */
export interface EmitOptions {
  /** The tsconfig.json that was read, if there is one. */
  readonly tsconfig?: string;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

const kept = [
  "target",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
  "verbatimModuleSyntax",
];

/**
 * Reads the nearest tsconfig.json of a source. Without a tsconfig.json, JSX is `JSX.createElement`, as in the examples.
 */
export function readEmitOptions(source: string): EmitOptions {
  const tsconfig = findUpwards(dirname(source), "tsconfig.json");
  const given = tsconfig === undefined ? {} : readOptions(tsconfig);
  const compilerOptions: Record<string, unknown> = { target: "es2022" };
  for (const name of kept) if (given[name] !== undefined) compilerOptions[name] = given[name];
  const { jsx = "react" } = compilerOptions;
  const isClassic = /^(?:react|preserve|react-native)$/i.test(String(jsx));
  if (isClassic) {
    compilerOptions.jsx = "react";
    compilerOptions.jsxFactory ??= "JSX.createElement";
    compilerOptions.jsxFragmentFactory ??= "JSX.Fragment";
  }
  return { compilerOptions, ...(tsconfig === undefined ? {} : { tsconfig }) };
}

function readOptions(tsconfig: string): Record<string, unknown> {
  try {
    return { ...parseTsconfig(tsconfig).compilerOptions };
  } catch (error) {
    throw new MiqroError("MIQRO_COMPILE", `${tsconfig} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
