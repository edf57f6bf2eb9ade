import { createApp } from "@miqro/core/node";
import { host, options, port } from "./options.js";

const app = createApp(options);
await app.listen({ port, host });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void app.close({ drainIdle: 0 }));
