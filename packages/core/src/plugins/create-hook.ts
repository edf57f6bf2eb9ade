import { ArgumentError } from "../errors.js";
import { describe, Faults } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { hookTable } from "./hooks/table.js";
import { type HookName, type HookRecord, Plugin } from "./plugin.js";

type Run = HookRecord["run"];

const hookKinds = Object.fromEntries(Object.keys(hookTable).map((name) => [name, kinds.call])) as OptionKinds<
  Record<HookName, unknown>
>;

/** Makes a plugin of one hook. */
export function createHook(name: HookName, run: Run): Plugin {
  checkHooks({ [name]: run });
  return toPlugin(name, run, () => run);
}

/** Makes a plugin of one hook. Its function runs only once for each router that registers the plugin. */
export function createOnceHook(name: HookName, run: Run): Plugin {
  checkHooks({ [name]: run });
  return toPlugin(name, run, () => {
    let hasRun = false;
    return (...given) => {
      if (hasRun) return undefined;
      hasRun = true;
      return run(...given);
    };
  });
}

/** Makes a plugin of several hooks. */
export function createHooks(hooks: Readonly<Record<string, Run>>): Plugin {
  checkHooks(hooks);
  const given = Object.entries(hooks) as [HookName, Run][];
  return new Plugin({
    name: `hooks ${given.map(([name]) => name).join(", ")}`,
    createHooks: (plugin) => given.map(([name, run]) => ({ name, plugin, run })),
  });
}

/** Makes a plugin with a `ready` hook, and a `close` hook that runs the function which the `ready` hook returned. */
export function createLifespan(setup: (app: never) => unknown): Plugin {
  if (typeof setup !== "function") {
    throw new ArgumentError(`hook.lifespan takes a function (app) => teardown, not ${describe(setup)}.`);
  }
  const name = `lifespan${toLabel(setup)}`;
  return new Plugin({
    name,
    createHooks: (plugin) => {
      let teardown: (() => unknown) | undefined;
      const start = async (app: never): Promise<void> => {
        const returned = await setup(app);
        if (returned !== undefined && typeof returned !== "function") {
          throw new ArgumentError(
            `The function of hook.lifespan returned ${describe(returned)}. It must return a function that ends what it began, or undefined.`,
          );
        }
        teardown = returned as typeof teardown;
      };
      const end = (): unknown => {
        const run = teardown;
        teardown = undefined;
        return run?.();
      };
      return [
        { name: "ready", plugin, run: start },
        { name: "close", plugin, run: end },
      ];
    },
  });
}

function toPlugin(name: HookName, run: Run, create: () => Run): Plugin {
  return new Plugin({
    name: `${name} hook${toLabel(run)}`,
    createHooks: (plugin) => [{ name, plugin, run: create() }],
  });
}

function toLabel({ name }: { readonly name: string }): string {
  return name === "" ? "" : ` ${name}`;
}

/** Refuses hooks that never run, and functions with more parameters than they get. */
function checkHooks(hooks: Readonly<Record<string, unknown>>): void {
  const faults = new Faults();
  if (faults.check<Record<HookName, unknown>>(hooks, "The set of hooks", hookKinds)) {
    const names = Object.keys(hooks);
    if (names.length === 0)
      faults.add("", `hook.define takes at least one hook: ${Object.keys(hookTable).join(", ")}.`);
    for (const name of names as HookName[]) {
      const run: unknown = hooks[name];
      if (run === undefined) faults.add(name, `The function of the ${name} hook is undefined.`);
      if (faults.has(name) || typeof run !== "function") continue;
      const kind = hookTable[name];
      const most = kind.parameters.split(",").length;
      if (run.length > most) {
        faults.add(
          name,
          `The ${name} hook${toLabel(run)} has ${run.length} parameters, but it gets only ${kind.parameters}. There is no \`next\`: the next hook runs when it returns.`,
        );
      }
    }
  }
  faults.throw("The set of hooks");
}
