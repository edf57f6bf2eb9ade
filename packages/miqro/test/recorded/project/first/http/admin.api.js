import { Router } from "@miqro/core";

const router = new Router();
router.use((_req, res) => {
  res.setHeader("x-admin", "1");
});
router.get("/users", () => "users");

export default { path: "admin", method: "use", handler: router };
