import JSX from "@miqro/jsx";
import { defineRoute, URLEncodedParser } from "miqro";
import { signIn } from "../auth.js";
import { Field } from "../form.js";
import { Layout } from "../layout.js";

export default defineRoute({
  path: "/sign-in",
  method: ["GET", "POST"],
  middleware: URLEncodedParser(),
  request: { body: { password: "string" }, invalid: "pass" },
  handler: async (req, res) => {
    if (!req.problem && req.body && (await signIn(req, res, req.body.password))) {
      return res.redirect("/write", {}, 303);
    }
    const error = req.method === "POST" ? "That is not the password." : undefined;
    if (error) res.statusCode = 401;
    return (
      <Layout req={req} title={error ? "Error: Sign in" : "Sign in"}>
        <h1>Sign in</h1>
        <form method="post">
          <Field
            name="password"
            label="Password"
            hint="The log of the server says how to sign in."
            error={error}
            type="password"
            maxlength="200"
            autocomplete="current-password"
            autofocus
          />
          <button type="submit" class="primary">
            Sign in
          </button>
        </form>
      </Layout>
    );
  },
});
