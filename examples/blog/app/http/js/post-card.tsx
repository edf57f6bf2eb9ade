import JSX from "@miqro/jsx";
import type { Post } from "../../posts.js";

const dates = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** A post in a list; the server and open pages show it alike. */
export function PostCard({ post, isNew = false }: { post: Post; isNew?: boolean; key?: number }) {
  return (
    <article class={isNew ? "card new" : "card"}>
      <h2 id={`post-${post.id}`}>
        <a href={`/posts/${post.id}`}>{post.title}</a>
      </h2>
      <div class="lead" innerHTML={post.lead} />
      <footer>
        <PostDate of={post} />
        <clap-button post={post.id} claps={post.claps} />
      </footer>
    </article>
  );
}

/** The day of a post, the same wherever the server and the reader are. */
export function PostDate({ of: { createdAt } }: { of: Post }) {
  return <time datetime={createdAt}>{dates.format(new Date(createdAt))}</time>;
}
