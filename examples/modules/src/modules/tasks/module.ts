import { hook, JSONParser, type Router } from "@miqro/core";
import { abort, context, defer, redirect } from "@miqro/core/context";
import { addTasks } from "../../store.js";

/** `addTasks` is registered by the root as well, and counts once; here it gives the handlers their types. */
export const meta = {
  plugins: [
    addTasks,
    hook("transform", (value) => ({ data: value })),
    hook("timeout", () => ({ error: "This takes too long." })),
  ],
};

/** Finds the task of the path, or answers 404: a helper that needs no `req`. */
function findTask() {
  const { req } = context();
  return req.tasks.get(Number(req.params.id)) ?? abort({ error: `There is no task ${req.params.id}.` }, 404);
}

export default function (router: Router): void {
  router
    .register(addTasks)
    .get("/", (req) => [...req.tasks.values()])
    .get("/first", () => redirect("/tasks/1"))
    .get("/slow", () => new Promise<never>(() => {}))
    .get("/odd", () => {
      throw "no error";
    })
    .get("/:id", () => findTask())
    .post("/", JSONParser(), (req, res) => {
      const { title } = Object(req.body) as { title?: unknown };
      if (typeof title !== "string") return abort({ error: 'Send { "title": "..." }.' }, 422);
      const task = { id: req.tasks.size + 1, title, done: false };
      req.tasks.set(task.id, task);
      defer(() => console.log(`Task ${task.id} was sent.`));
      res.statusCode = 201;
      return task;
    });
}
