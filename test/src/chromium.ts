import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const unpacked = fileURLToPath(new URL("../parts/chromium/", import.meta.url));

/**
 * Starts a headless Chromium: the one that `CHROMIUM_PATH` names, else the one that `npm test` unpacked.
 * The caller closes it.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? join(unpacked, "chromium");
  if (!existsSync(executablePath)) {
    throw new Error(`There is no browser at ${executablePath}: run "npm test" once, or set CHROMIUM_PATH.`);
  }
  const options: LaunchOptions = {
    executablePath,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  };
  try {
    return await chromium.launch(options);
  } catch (error) {
    const libraries = join(unpacked, "al2023", "lib");
    const lacksLibrary =
      error instanceof Error && error.message.includes("error while loading shared libraries");
    if (!lacksLibrary || !existsSync(libraries)) throw error;
    return chromium.launch({ ...options, env: { ...process.env, LD_LIBRARY_PATH: libraries } });
  }
}
