import { HttpError, hook, type Routes } from "@miqro/core";
import { addTasks, store } from "../store.js";

/** The root: what it registers holds for every module. */
export const meta = {
  plugins: [
    store,
    addTasks,
    // Path 3, early return: no handler, and no hook behind this one, runs.
    hook("request", ({ pathname, responseState }) =>
      pathname === "/health" ? new Response("OK", responseState) : undefined,
    ),
    hook("send", (_req, res, head) => {
      res.setHeader("X-Answered", head.status < 400 ? "well" : "badly");
    }),
    // Problem details are what an app without this hook answers.
    hook(
      "error",
      (error) => (error instanceof HttpError ? error.body : undefined) ?? { error: error.message },
    ),
    hook("listen", (address) => {
      if (typeof address === "object") console.log(`Tasks at http://127.0.0.1:${address.port}`);
    }),
  ],
};

export const routes: Routes<typeof meta> = {
  // Path 2, direct: not transformed.
  "GET /ping": ({ responseState }) => new Response("pong", responseState),
  "GET /": (req) => ({ tasks: req.tasks.size }),
};
