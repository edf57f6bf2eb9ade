// Loaded before a program: prints how many files it has loaded when it is told that it listens, and when it is told to
// end. The files of the end do not count.
import { registerHooks } from "node:module";

const loaded = new Set();
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:") && url !== import.meta.url) loaded.add(url);
    return next(url, context);
  },
});
let listening = 0;
process.on("SIGUSR2", () => {
  listening = loaded.size;
});
process.on("SIGTERM", () => {
  if (process.env.LIST_MODULES) console.log([...loaded].join("\n"));
  console.log(`modules: ${listening}, ${loaded.size}`);
  process.exit();
});
