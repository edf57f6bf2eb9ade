import { PluginError, toMessage } from "../errors.js";
import type { MountRecord, PluginRecord, RouterRecords } from "../routing/records.js";
import { type HookName, type HookRecord, type Plugin, partsOf } from "./plugin.js";

/** The records of the scopes around a router, the outermost first. */
interface Around {
  readonly names: ReadonlySet<string>;
  readonly plugins: ReadonlySet<Plugin>;
  readonly hooks: readonly HookRecord[];
}

/**
 * Sets up the plugins of a router and of the routers inside it: parent to child, in the order of registration. A plugin
 * that another plugin registers is set up directly after it.
 *
 * @param timeout The longest time of each plugin, in milliseconds; 0 is no limit.
 * @throws {PluginError} that names the plugin that failed, and the file that registered it.
 */
export async function setUpPlugins(app: RouterRecords, timeout: number): Promise<void> {
  const done = new Set<RouterRecords>();
  const setUpScope = async (records: RouterRecords, around: Around): Promise<void> => {
    if (done.has(records)) return;
    done.add(records);
    const names = new Set(around.names);
    const plugins = new Set([...around.plugins, ...records.registered]);
    for (const { name } of records.registered.filter((one) => !isWaiting(records, one))) names.add(name);
    const getHooks = (): HookRecord[] => [...around.hooks, ...pick(records, "register")];
    for (let next = records.plugins.shift(); next !== undefined; next = records.plugins.shift()) {
      if (around.plugins.has(next.plugin)) continue;
      checkDependencies(next, names, records);
      const rest = records.plugins.splice(0);
      try {
        for (const { plugin, run } of getHooks()) {
          await runInTime(() => run(next.plugin as never, next.router as never), plugin, undefined, timeout);
        }
        await runInTime(
          () => partsOf(next.plugin).setup?.(next.router as never),
          next.plugin,
          next.origin,
          timeout,
        );
      } finally {
        records.plugins.push(...rest);
      }
      names.add(next.plugin.name);
      for (const one of records.registered) plugins.add(one);
    }
    // A plugin may mount routers.
    for (let index = 0; index < records.mounts.length; index++) {
      const { records: inner } = records.mounts[index] as MountRecord;
      await setUpScope(inner, { names, plugins, hooks: getHooks() });
    }
  };
  await setUpScope(app, { names: new Set(), plugins: new Set(), hooks: [] });
}

/**
 * Runs the hooks of the start of an app, parent to child, in the order of registration.
 *
 * @throws {PluginError} that names the hook that failed.
 */
export async function runStartHooks(
  app: RouterRecords,
  name: "ready" | "listen",
  given: readonly unknown[],
  timeout: number,
): Promise<void> {
  for (const { plugin, run } of collectHooks(app, name)) {
    await runInTime(() => run(...(given as never[])), plugin, undefined, timeout);
  }
}

/** Runs the `close` hooks, child to parent and the last first. A failure is reported, and the other hooks still run. */
export async function runCloseHooks(
  app: RouterRecords,
  given: readonly unknown[],
  timeout: number,
  report: (error: unknown) => void,
): Promise<void> {
  for (const { plugin, run } of collectHooks(app, "close").reverse()) {
    try {
      await runInTime(() => run(...(given as never[])), plugin, undefined, timeout);
    } catch (error) {
      report(error);
    }
  }
}

function pick({ hooks }: RouterRecords, name: HookName): HookRecord[] {
  return hooks.filter((one) => one.name === name);
}

function isWaiting({ plugins }: RouterRecords, plugin: Plugin): boolean {
  return plugins.some((one) => one.plugin === plugin);
}

/** Returns the hooks of one name, parent to child. A router that is mounted twice counts once, and so does a plugin. */
function collectHooks(app: RouterRecords, name: HookName): HookRecord[] {
  const seen = new Set<RouterRecords>();
  const found: HookRecord[] = [];
  const visit = (records: RouterRecords, around: ReadonlySet<Plugin>): void => {
    if (seen.has(records)) return;
    seen.add(records);
    found.push(...pick(records, name).filter(({ plugin }) => !around.has(plugin)));
    const plugins = new Set([...around, ...records.registered]);
    for (const mount of records.mounts) visit(mount.records, plugins);
  };
  visit(app, new Set());
  return found;
}

function checkDependencies(record: PluginRecord, names: ReadonlySet<string>, records: RouterRecords): void {
  const { plugin, origin } = record;
  const missing = plugin.dependencies.filter((name) => !names.has(name));
  if (missing.length === 0) return;
  const list = missing.map((name) => `"${name}"`).join(", ");
  const waiting = records.plugins.map((one) => one.plugin);
  const circle = findCircle(plugin, waiting);
  const later = missing.filter((name) => waiting.some((one) => one.name === name));
  const why =
    circle !== undefined
      ? `They need each other in a circle: ${circle.join(" -> ")}. Remove one of these dependencies.`
      : later.length > 0
        ? `It is registered after "${plugin.name}". Register it before.`
        : "It is not registered in the same scope or in one around it. Register it there, before.";
  throw new PluginError(
    `The plugin "${plugin.name}"${toOrigin(origin)} needs ${list}. ${why}`,
    plugin.name,
    origin,
  );
}

function findCircle(start: Plugin, others: readonly Plugin[]): string[] | undefined {
  const visit = (plugin: Plugin, path: readonly string[]): string[] | undefined => {
    for (const name of plugin.dependencies) {
      if (name === start.name) return [...path, name];
      const next = others.find((one) => one.name === name);
      if (next === undefined || path.includes(name)) continue;
      const circle = visit(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    return undefined;
  };
  return visit(start, [start.name]);
}

/** Runs a function. If it fails or takes too long, the error names the plugin. */
async function runInTime(
  run: () => unknown,
  { name }: Plugin,
  origin: string | undefined,
  timeout: number,
): Promise<void> {
  const label = `The plugin "${name}"${toOrigin(origin)}`;
  let timer: NodeJS.Timeout | undefined;
  try {
    const running = run();
    if (timeout === 0) {
      await running;
      return;
    }
    const expired = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const message = `${label} did not settle within ${timeout} ms. Let it return or settle its promise sooner, or raise \`bootTimeout\` of the app.`;
        reject(new PluginError(message, name, origin));
      }, timeout);
    });
    await Promise.race([running, expired]);
  } catch (error) {
    // The error of a plugin in a module is clearer than the error of the module's loader.
    if (error instanceof PluginError) throw error;
    const reason = toMessage(error);
    throw new PluginError(`${label} failed: ${reason}`, name, origin, error);
  } finally {
    clearTimeout(timer);
  }
}

function toOrigin(origin: string | undefined): string {
  return origin === undefined ? "" : ` of ${origin}`;
}
