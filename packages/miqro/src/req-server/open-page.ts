import { MiqroError } from "../errors.js";
import { openBrowser } from "../lifecycle/open-browser.js";

/**
 * Opens a page in a browser of this machine.
 * @throws {MiqroError} `MIQRO_ARGUMENT` for a value that is not the URL of a page, because the system could also open
 * files and programs
 */
export function openPage(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `openBrowser() opens http and https addresses, such as "http://localhost:8080/", not "${url}".`,
    );
  }
  openBrowser(parsed.href);
}
