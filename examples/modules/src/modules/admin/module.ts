import { hook, type Routes } from "@miqro/core";

interface Operator {
  readonly name: string;
}

/** Nothing of this module is seen by the one of the tasks beside it. */
export const meta = {
  prefix: "/back",
  plugins: [
    hook<{ operator: Operator }>("request", (req, res) => {
      const name = req.headers["x-operator"];
      if (typeof name === "string") req.operator = { name };
      else res.json({ error: "Who are you?" }, {}, 401);
    }),
  ],
};

export const routes: Routes<typeof meta> = {
  "GET /": (req) => ({ operator: req.operator.name }),
};
