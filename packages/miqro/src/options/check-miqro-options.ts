import { MiqroError, messageOf } from "../errors.js";
import { toPort } from "../lifecycle/address.js";
import { type MiqroOptions, optionNames } from "../lifecycle/miqro-options.js";
import { type SettingValues, settings } from "../settings/table.js";
import { checkFields, type Fields } from "./check-fields.js";

const fields: Fields = {
  services: "string|string[]",
  noBuild: "boolean?",
  noMinify: "boolean?",
  clientBundle: "boolean?",
  inflateParallel: "string|number?",
  port: "string|number?",
  host: "string?",
  name: "string?",
  allowedHosts: "string[]?",
  trustProxy: "any?",
  noCompression: "boolean?",
  https: "boolean?",
  httpsKey: "string?",
  httpsCert: "string?",
  httpsRedirect: "string|number?",
  logFile: "boolean|string?",
  compileTimeout: "number?",
  onCompileWait: "function?",
  onCompiled: "function?",
  onHint: "function?",
};

const hotReload = 'hot reload belongs to the command line: run "miqro --watch --hot-reload"';

/** Names of other documents, with the right place of each. The value `false` is accepted. */
const elsewhere: Readonly<Record<string, string>> = {
  hotreload: hotReload,
  hotReload,
  inflateSEA: 'executables are made by the command line: run "miqro --inflate --inflate-sea"',
  clearCache: "the environment variable CLEAR_JSX_CACHE=1 compiles anew",
};

/**
 * Reports all errors in the options of a `Miqro`.
 * @throws {MiqroError} `MIQRO_ARGUMENT`; does not throw if there are no errors
 */
export function checkMiqroOptions(options: unknown): void {
  const given =
    typeof options === "object" && options !== null && !Array.isArray(options) ? options : undefined;
  const keys = Object.keys(given ?? {});
  const isUnknown = (key: string) => !(optionNames as readonly string[]).includes(key);
  const isElsewhere = (key: string) => Object.hasOwn(elsewhere, key);
  const misplaced = keys.filter((key) => isElsewhere(key) && Object(given)[key] !== false);
  const commandLine = keys.filter(
    (key) => isUnknown(key) && Object.hasOwn(settings, key) && !isElsewhere(key),
  );
  const rest = Object.entries(given ?? {}).filter(
    ([key, value]) => !isElsewhere(key) && !commandLine.includes(key) && value !== Number.POSITIVE_INFINITY,
  );
  const faults = checkFields(
    given === undefined ? options : Object.fromEntries(rest),
    fields,
    "the options of Miqro",
  );
  const { services, port, inflateParallel } = Object(options) as Readonly<Record<string, unknown>>;
  if (Array.isArray(services) && services.length === 0) {
    faults.push("There is no service to run. Name at least one folder in services.");
  }
  const isCounted = typeof inflateParallel === "string" || typeof inflateParallel === "number";
  if (isCounted && !/^[1-9]\d?$/.test(String(inflateParallel))) {
    faults.push(`"inflateParallel" is "${inflateParallel}", but must be a number from 1 to 99.`);
  }
  faults.push(...httpsFaults(Object(options)));
  if (typeof port === "string" || typeof port === "number") {
    try {
      toPort(port);
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  for (const key of commandLine) {
    const isOfInflate = settings[key as keyof SettingValues].readBy === "inflate";
    faults.push(
      isOfInflate
        ? `"${key}" is an option of inflate(): write app.inflate({ ${key}: ... }).`
        : `"${key}" is a setting of the command line only, and not an option of new Miqro. Remove it.`,
    );
  }
  for (const key of misplaced) faults.push(`new Miqro takes no "${key}": ${elsewhere[key]}. Remove it.`);
  if (faults.length > 0) throw new MiqroError("MIQRO_ARGUMENT", faults.join("\n"));
}

function httpsFaults({ https, port, httpsRedirect }: Partial<MiqroOptions>): string[] {
  const fault =
    httpsRedirect === undefined ? undefined : settings.httpsRedirect.fault?.(httpsRedirect, "httpsRedirect");
  if (fault !== undefined) return [fault];
  if (https !== true || httpsRedirect === undefined || Number(httpsRedirect) !== Number(port ?? 8443))
    return [];
  return [
    `Port ${httpsRedirect} cannot both serve HTTPS and redirect to it. Give httpsRedirect or port another one.`,
  ];
}
