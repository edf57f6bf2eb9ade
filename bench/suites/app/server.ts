/** The module of a server, relative to this one. */
const [server] = process.argv.slice(2) as [string];
const { default: start } = (await import(server)) as { default: () => Promise<number> };
const port = await start();
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.({ port });
