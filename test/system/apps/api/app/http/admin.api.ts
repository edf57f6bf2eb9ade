import { Router } from "@miqro/core";

const myMiddleware = async (req, res) => {
  res.setHeader("x-admin", "seen");
};
const router = new Router();
router.use(myMiddleware);
router.get("/status", (req, res) => res.json({ method: req.method, path: req.path }));

export default {
  path: "/admin",
  method: "use",
  handler: router
}
