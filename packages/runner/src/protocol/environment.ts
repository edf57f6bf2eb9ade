/** The settings of a worker process, in one environment variable. The process removes the variable at once. */
export interface WorkerSettings {
  /** True for a process that waits to become a worker before it runs the script. */
  readonly spare: boolean;
  /** URL of the module that a spare imports while it waits. */
  readonly preload?: string | undefined;
  /** The folder in which a worker records that it continues without its primary and is about to end. */
  readonly guardFolder?: string | undefined;
}

const settingsVariable = "MIQRO_RUNNER_WORKER";

/** Environment variables for a new worker. A spare gets its number when it becomes a worker. */
export function toWorkerEnvironment(
  settings: WorkerSettings,
  number: number | undefined,
  count: number,
): Record<string, string | undefined> {
  return {
    [settingsVariable]: JSON.stringify(settings),
    // If the primary is itself a worker, `undefined` hides its variable.
    CLUSTER_NODE_NUMBER: number === undefined ? undefined : String(number),
    CLUSTER_COUNT: String(count),
  };
}

/** Removes the settings from the environment, so that processes started by the worker do not inherit them. */
export function takeWorkerSettings(env: NodeJS.ProcessEnv): WorkerSettings | undefined {
  const text = env[settingsVariable];
  if (text === undefined) return undefined;
  delete env[settingsVariable];
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { spare, preload, guardFolder } = value as Readonly<Record<string, unknown>>;
    return {
      spare: spare === true,
      preload: typeof preload === "string" ? preload : undefined,
      guardFolder: typeof guardFolder === "string" ? guardFolder : undefined,
    };
  } catch {
    return undefined;
  }
}
