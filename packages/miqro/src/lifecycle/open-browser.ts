import { spawn } from "node:child_process";
import type { ListenAddress } from "@miqro/core";
import type { Settings } from "../settings/read-settings.js";
import { toURL } from "./address.js";

/** Opens a browser if the settings ask for it, and if the output is a terminal. */
export function openBrowserFor(address: ListenAddress, { own, options, env, settled }: Settings): void {
  const { browser = false } = own;
  if (typeof address === "string" || browser === false || browser === "none") return;
  if (process.stdout.isTTY !== true || env.CI) return;
  // Terminals of editors set BROWSER to a program of the editor. This names the browser, but does not ask to open it.
  if (settled.get("browser")?.from === "environment" && String(browser).includes("/")) return;
  openBrowser(toURL(address, options.https), browser === true ? undefined : browser);
}

/**
 * Opens an address in a browser.
 * @param name - the program; by default the program with which the system opens addresses
 */
export function openBrowser(url: string, name?: string): void {
  const [command, ...args] = toCommand(name);
  const child = spawn(command, [...args, url], { detached: true, stdio: "ignore" });
  child.on("error", (error) => {
    console.error(
      `The browser cannot be opened: ${error.message}. Open ${url} yourself, or set --browser NAME.`,
    );
  });
  child.unref();
}

function toCommand(name: string | undefined): readonly [string, ...string[]] {
  if (process.platform === "darwin") return name === undefined ? ["open"] : ["open", "-a", name];
  if (process.platform === "win32") return ["cmd", "/c", "start", "", ...(name === undefined ? [] : [name])];
  return [name ?? "xdg-open"];
}
