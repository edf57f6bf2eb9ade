import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Miqro, type MiqroOptions } from "miqro";
import { createProject, type Project } from "./project.js";

/** A server of the services of a project. */
export interface Services {
  readonly project: Project;
  readonly miqro: Miqro;
  /** Its address, without a slash at the end. */
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Serves services that are written into a project of their own. */
export async function startServices(
  files: Readonly<Record<string, string>>,
  { services = ["app"], ...options }: Partial<Omit<MiqroOptions, "services">> & { services?: string[] } = {},
): Promise<Services> {
  const project = await createProject(files);
  const miqro = new Miqro({
    services: services.map((name) => join(project.path, name)),
    port: 0,
    host: "127.0.0.1",
    ...options,
  });
  try {
    const { port } = (await miqro.start()) as AddressInfo;
    return {
      project,
      miqro,
      url: `http://127.0.0.1:${port}`,
      async [Symbol.asyncDispose]() {
        await miqro.stop({ drainIdle: 0 });
        await project.remove();
      },
    };
  } catch (error) {
    await project.remove();
    throw error;
  }
}
