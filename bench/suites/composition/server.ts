const [name] = process.argv.slice(2) as [string];
const { default: start } = (await import(`./servers/${name}.ts`)) as { default: () => Promise<number> };
const port = await start();
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.({ port });
