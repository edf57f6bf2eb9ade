import JSX from "@miqro/jsx";
import { defineRoute, URLEncodedParser } from "miqro";
import { Field } from "../form.js";
import { Layout } from "../layout.js";
import { postFields, publish } from "../posts.js";

export default defineRoute({
  path: "/write",
  method: ["GET", "POST"],
  middleware: URLEncodedParser(),
  request: { body: postFields, invalid: "pass" },
  handler: async (req, res) => {
    const sent = req.method === "POST";
    if (!sent && !req.session) return res.redirect("/sign-in", {}, 303);
    if (req.session && !req.problem && req.body) {
      const { id } = await publish(req.server, req.body);
      return res.redirect(`/posts/${id}`, {}, 303);
    }

    // The form: empty, or with what was typed and what is wrong with it.
    if (sent && !req.session) res.statusCode = 401;
    const typed = (req.body ?? {}) as { title?: string; content?: string };
    const field = (name: "title" | "content") => ({
      name,
      value: typed[name],
      error: req.problem?.issues?.find(({ path }) => path === `body.${name}`)?.message,
    });
    return (
      <Layout req={req} title={sent ? "Error: Write a post" : "Write a post"}>
        <h1>Write a post</h1>
        {!req.session && (
          <p class="error" role="alert">
            You are signed out, but your text is still here.{" "}
            <a href="/sign-in" target="_blank" rel="noopener">
              Sign in
            </a>{" "}
            in another tab, then publish again.
          </p>
        )}
        <form method="post">
          <Field
            {...field("title")}
            label="Title"
            hint="Up to 200 characters."
            maxlength="200"
            autofocus={!sent}
          />
          <Field
            {...field("content")}
            label="Content"
            hint="Markdown. Lists of posts show the first paragraph."
            tag="textarea"
            rows="12"
            maxlength="20000"
          />
          <button type="submit" class="primary">
            Publish
          </button>
        </form>
      </Layout>
    );
  },
});
