// Loaded before a program: prints how many files it loaded when it is told to end.
import { registerHooks } from "node:module";

const loaded = new Set();
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:") && url !== import.meta.url) loaded.add(url);
    return next(url, context);
  },
});
process.on("SIGTERM", () => {
  if (process.env.LIST_MODULES) console.log([...loaded].join("\n"));
  console.log(`modules: ${loaded.size}`);
  process.exit();
});
