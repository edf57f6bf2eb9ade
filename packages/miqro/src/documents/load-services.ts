import { type MiqroOptions, modes } from "../lifecycle/miqro-options.js";
import { RunningComposition } from "../lifecycle/running-composition.js";
import type { LoadedService } from "../service/load-service.js";

/**
 * Loads and checks services for documents: no database connects, no hook runs and nothing listens.
 * @throws {StartError} with all errors of the services
 */
export async function loadServices(options: MiqroOptions): Promise<readonly LoadedService[]> {
  const nothing = async (): Promise<void> => {};
  const running = new RunningComposition(options, modes.documents, {
    stop: nothing,
    reload: nothing,
    restart: nothing,
    kept: {},
  });
  try {
    return (await running.prepare()).services;
  } finally {
    await running.stop();
  }
}
