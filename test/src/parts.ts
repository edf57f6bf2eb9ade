/** Why a test that needs the browser cannot run here; false when it can. For `it(name, { skip: missingChromium() }, ...)`. */
export function missingChromium(): string | false {
  return process.env.MISSING_CHROMIUM ?? false;
}
