import type { App, AppOptions } from "../app/app.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKinds } from "../options/kinds.js";
import { discoverModules } from "../plugins/on-use.js";

/** The options of `createApp`: the options of an app, and a folder of modules. */
export interface CreateAppOptions extends AppOptions {
  /** A folder of modules to mount, as `discoverModules` takes it. */
  readonly modules?: string | URL;
}

const ownKinds: OptionKinds<Pick<CreateAppOptions, "modules">> = {
  modules: {
    words: "a folder: a path or a URL",
    test: (value) => kinds.text.test(value) || value instanceof URL,
  },
};

/** Creates an app of the given class, and mounts its modules when the app starts. */
export function createAppOf<Made extends App>(
  Class: new (options: AppOptions) => Made,
  { modules, ...options }: CreateAppOptions = {},
): Made {
  checkOptions<Pick<CreateAppOptions, "modules">>({ modules }, "`createApp`", ownKinds);
  const app = new Class(options);
  if (modules !== undefined) app.register(discoverModules(modules));
  return app;
}
