import { type Request, type Response, URLEncodedParser } from "@miqro/core";
import JSX from "@miqro/jsx";
import { compile } from "@miqro/parser";
import type { APIOptions } from "miqro";
import { Field } from "../form.js";
import { Layout } from "../layout.js";
import { postFields, publish } from "../posts.js";

const newPost = compile(postFields);

export const apiOptions: APIOptions = {
  path: "/write",
  method: ["GET", "POST"],
  middleware: [URLEncodedParser()],
};

export default async (req: Request, res: Response) => {
  const sent = req.method === "POST";
  if (!sent && !req.session) return res.redirect("/sign-in", {}, 303);

  const typed = (req.body ?? {}) as { title?: string; content?: string };
  const checked = newPost.safeParse(typed);
  if (sent && req.session && checked.success) {
    const { id } = await publish(req.server, checked.value);
    return res.redirect(`/posts/${id}`, {}, 303);
  }

  // The form: empty, or with what was typed and what is wrong with it.
  if (sent) res.statusCode = req.session ? 422 : 401;
  const issues = sent && !checked.success ? checked.issues : [];
  const field = (name: "title" | "content") => ({
    name,
    value: typed[name],
    error: issues.find(({ path }) => path === name)?.message,
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
};
