import { modulePage } from "../support/client-site.js";
import { describeInPages, type PageRow } from "../support/page-table.js";

const classicPage = '<!DOCTYPE html><head><script src="/js/app.js"></script></head><body>text</body>';
const deferPage = '<!DOCTYPE html><head><script defer src="/js/app.js"></script></head><body>text</body>';
const asyncPage = '<!DOCTYPE html><head><script async src="/js/app.js"></script></head><body>text</body>';
/** Shows what a script of the page sees that waits for the event and needs what client code made. */
const waitingPage = (script: string) =>
  `<!DOCTYPE html><body><script>addEventListener("DOMContentLoaded", () => { globalThis.seen = globalThis.made ?? "nothing"; });</script>${script}</body>`;

const onReady = 'document.addEventListener("DOMContentLoaded", () => { globalThis.result = "ready"; });';

const rows: readonly PageRow[] = [
  {
    name: "code that waits for DOMContentLoaded runs, in every kind of script",
    files: { "app.js": onReady },
    pages: [modulePage, classicPage, deferPage],
    result: "ready",
  },
  {
    name: "code that waits for load runs, by a listener and by onload",
    files: {
      "app.js":
        'const seen = []; onload = () => { seen.push("onload"); globalThis.result = seen; }; addEventListener("DOMContentLoaded", () => seen.push("ready"));',
    },
    pages: [modulePage, classicPage, deferPage],
    result: ["ready", "onload"],
  },
  {
    name: "each listener hears of DOMContentLoaded once",
    files: {
      "app.js":
        'let count = 0; document.addEventListener("DOMContentLoaded", () => count++); addEventListener("load", () => setTimeout(() => { globalThis.result = count; }));',
    },
    pages: [modulePage, classicPage],
    result: 1,
  },
  {
    name: "a module that waits for DOMContentLoaded at its top level goes on",
    files: {
      "app.js": 'import { event } from "./wait.js"; globalThis.result = event;',
      "wait.js":
        'export const { type: event } = await new Promise((resolve) => { document.addEventListener("DOMContentLoaded", resolve); });',
    },
    pages: [modulePage, classicPage],
    result: "DOMContentLoaded",
  },
  {
    name: "scripts of the page that wait for DOMContentLoaded find what client code made",
    files: {
      "app.js":
        'globalThis.made = "made"; addEventListener("load", () => { globalThis.result = globalThis.seen; });',
    },
    pages: [
      waitingPage('<script type="module" src="/js/app.js"></script>'),
      waitingPage('<script src="/js/app.js"></script>'),
    ],
    result: "made",
  },
  {
    name: "code in an async script that finds the document ready runs",
    files: {
      "app.js":
        'const go = () => { globalThis.result = document.readyState !== "loading"; }; document.readyState === "loading" ? addEventListener("DOMContentLoaded", go) : go();',
    },
    pages: [asyncPage],
    result: true,
  },
  {
    name: "several entries each hear of both events once, whichever is loaded first",
    files: {
      "one.js":
        'import "./a.js"; globalThis.seen ??= []; addEventListener("DOMContentLoaded", () => seen.push("one")); addEventListener("load", () => setTimeout(() => { globalThis.result = seen.sort(); }));',
      "a.js": 'import "./b.js";',
      "b.js": 'import "./c.js";',
      "c.js": "export const c = async () => { await 1; };",
      "two.js":
        'globalThis.seen ??= []; addEventListener("DOMContentLoaded", () => seen.push("two")); addEventListener("load", () => seen.push("two loaded"));',
    },
    entries: [{ name: "one.js" }, { name: "two.js" }],
    pages: [
      '<!DOCTYPE html><script src="/js/one.js"></script><script src="/js/two.js"></script>',
      '<!DOCTYPE html><script type="module" src="/js/two.js"></script><script src="/js/one.js"></script>',
      '<!DOCTYPE html><script type="module" src="/js/one.js"></script><script type="module" src="/js/two.js"></script>',
    ],
    result: ["one", "two", "two loaded"],
  },
  {
    name: "the events come although a module fails",
    files: {
      "app.js":
        'addEventListener("unhandledrejection", (event) => event.preventDefault()); throw new Error("on purpose");',
    },
    pages: [
      '<!DOCTYPE html><script>addEventListener("load", () => { globalThis.result = "load"; });</script><script type="module" src="/js/app.js"></script>',
    ],
    result: "load",
  },
];

describeInPages("client code in a page", rows);
