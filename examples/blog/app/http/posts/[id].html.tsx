import { NotFoundError, type Request } from "@miqro/core";
import JSX from "@miqro/jsx";
import type { APIOptions, Server } from "miqro";
import { blog } from "../../db.js";
import { Layout } from "../../layout.js";
import { findPost, toId } from "../../posts.js";
import { PostDate } from "../js/post-card.js";

export const apiOptions: APIOptions = { path: "/:id" };

/** In files every post has its page. */
export const inflatePaths = (server: Server) => blog(server).select("id").from("posts").yield();

export default async (req: Request) => {
  const post = await findPost(req.server, toId(req.params.id) ?? 0);
  if (!post) throw new NotFoundError("There is no such post.");
  return (
    <Layout req={req} title={post.title}>
      <article>
        <h1 id={`post-${post.id}`}>{post.title}</h1>
        <PostDate of={post} />
        <div class="prose" innerHTML={post.html} />
        <clap-button post={post.id} claps={post.claps} />
      </article>
      <nav class="pages" aria-label="Pages">
        <a href="/">All posts</a>
      </nav>
    </Layout>
  );
};
