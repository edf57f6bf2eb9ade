import type { CreateAppOptions } from "@miqro/core/node";

/** The same app on every runtime: each has an entry of its own beside this file. */
export const options: CreateAppOptions = {
  modules: new URL("./modules/", import.meta.url),
  handlerTimeout: 500,
};

/** The address where it listens. */
export const port: number = Number(process.env.PORT ?? 3000);
export const host = "127.0.0.1";
