import type { Start } from "./cases.ts";
import { starts } from "./starts.ts";

const [name, first, second] = process.argv.slice(2) as [keyof typeof starts, string, string];
const start: Start = starts[name];
const port = await start([first, second]);
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.({ port });
