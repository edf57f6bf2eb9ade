import { timingSafeEqual } from "node:crypto";
import { JSONParser, UnauthorizedError } from "@miqro/core";
import { defineRoute, jwt } from "miqro";
import { authorPassword, tokenKey } from "../secrets.js";

export default defineRoute({
  name: "sign in",
  method: "POST",
  middleware: [JSONParser()],
  request: { body: { password: { type: "string", maxLength: 200 } } },
  response: { body: { token: "string" } },
  handler: async (req, res) => {
    const given = Buffer.from(req.body.password);
    const expected = Buffer.from(authorPassword);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new UnauthorizedError("That is not the password.");
    }
    const token = await jwt.sign({ account: "blog", username: "author", groups: ["author"] }, tokenKey);
    return res.json({ token });
  },
});
