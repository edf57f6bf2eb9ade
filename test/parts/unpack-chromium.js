// Prevents two test files from unpacking the browser into one half-written file in the system's temporary
// folder, which is what @sparticuz/chromium does by itself: here it is unpacked once, before any test runs,
// with the libraries that a bare machine may lack beside it.
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const parts = dirname(fileURLToPath(import.meta.url));
const unpacking = join(parts, `chromium.${process.pid}`);
await mkdir(unpacking, { recursive: true });
// The package unpacks into os.tmpdir(), which reads TMPDIR at each call.
process.env.TMPDIR = unpacking;
const { inflate } = await import("@sparticuz/chromium");
const archives = join(parts, "node_modules", "@sparticuz", "chromium", "bin");
for (const name of ["chromium.br", "fonts.tar.br", "al2023.tar.br"]) await inflate(join(archives, name));
await rm(join(parts, "chromium"), { recursive: true, force: true });
await rename(unpacking, join(parts, "chromium"));
