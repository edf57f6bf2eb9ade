import type { Case, Start } from "./cases.ts";

const [name, what] = process.argv.slice(2) as [string, Case];
const { default: start } = (await import(`./servers/${name}.ts`)) as { default: Start };
const port = await start(what);
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.({ port });
