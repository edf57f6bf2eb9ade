import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Case, routeCount, type Start } from "./cases.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const [name, what, routes] = process.argv.slice(2) as [string, Case, string | undefined];
const { default: start } = (await import(`./servers/${name}.ts`)) as { default: Start };
const port = await start(what, routes === undefined ? routeCount : Number(routes));
process.on("message", (asked) => {
  if (asked === "memory") {
    collect();
    process.send?.(process.memoryUsage().heapUsed);
  } else {
    process.send?.(process.cpuUsage());
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ port });
