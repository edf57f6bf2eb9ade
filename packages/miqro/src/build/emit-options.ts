import { dirname } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { MiqroError, messageOf } from "../errors.js";
import { findUpwards } from "./find-upwards.js";

/** The options that decide how JSX and classes are written; the rest of a tsconfig.json is for editors and checks. */
export interface EmitOptions {
  /** The config that was read, if there is one. */
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

/** Reads the nearest tsconfig.json of a source. Without one, JSX is that of the examples: `JSX.createElement`. */
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
