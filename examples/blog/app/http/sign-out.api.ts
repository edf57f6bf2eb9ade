import { defineRoute } from "miqro";
import { signOut } from "../auth.js";

export default defineRoute({
  name: "sign out",
  method: "POST",
  handler: async (req, res) => {
    await signOut(req, res);
    return res.redirect("/", {}, 303);
  },
});
