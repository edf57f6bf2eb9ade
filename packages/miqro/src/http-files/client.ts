import { loadClientCode } from "../composition/client-code.js";
import { loadCarried } from "../load-on-use.js";
import type { HttpFileKind, RouteMount } from "./http-file-kind.js";

const withModules = new WeakSet<RouteMount>();

/** `x.min.tsx`: code for browsers, served as modules. */
export const client: HttpFileKind<true> = {
  template: {
    name: "http/js/app.min.tsx",
    about: "client code",
    text: `import JSX, { useState } from "@miqro/jsx";
import { define } from "@miqro/jsx-dom";

function Counter() {
  const [count, setCount] = useState(0);
  return <button onClick={() => setCount(count + 1)}>{count}</button>;
}

define("my-counter", Counter, { shadowInit: false });
`,
  },

  // The module runs only in browsers, so the server does not import it.
  read: async () => true,

  async compose(files, parts) {
    // In an executable, the client modules of the compile are used.
    parts.clientCode =
      loadCarried()?.createCarriedClientCode() ??
      (await loadClientCode(
        files.map(({ file }) => file),
        parts,
      ));
  },

  mount({ paths }, _value, router, { clientCode }) {
    if (clientCode === undefined) return;
    for (const path of paths) {
      const stub = clientCode.stub(path);
      // The stub contains a hashed URL, so browsers must request it again. The module at that URL is cached for good.
      if (stub !== undefined) router.get(path, (_req, res) => res.js(stub, { "Cache-Control": "no-cache" }));
    }
    if (withModules.has(router)) return;
    withModules.add(router);
    router.get("/_miqro/*", clientCode.serveModule);
  },
};
