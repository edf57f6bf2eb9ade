import { readFile } from "node:fs/promises";
import type { SiteOutput } from "./site-output.js";

/** Keeps the files of a site in memory. */
export class MemoryOutput implements SiteOutput {
  readonly bodies: Map<string, Buffer> = new Map();
  readonly problems: readonly string[] = [];

  add(name: string, body: Buffer): void {
    this.bodies.set(name, body);
  }

  async copy(name: string, from: string): Promise<void> {
    this.bodies.set(name, await readFile(from));
  }

  async commit(): Promise<{ written: number; unchanged: number; removed: number }> {
    return { written: this.bodies.size, unchanged: 0, removed: 0 };
  }

  abandon(): void {}
}
