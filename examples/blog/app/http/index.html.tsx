import type { Request } from "@miqro/core";
import JSX from "@miqro/jsx";
import { Layout } from "../layout.js";
import { listPosts, toId } from "../posts.js";
import { PostCard } from "./js/post-card.js";

export default async (req: Request) => {
  const before = toId(req.query.before);
  const { posts, hasOlder } = await listPosts(req.server, before);
  const cards = posts.map((post) => <PostCard key={post.id} post={post} />);
  return (
    <Layout req={req} title={before ? "Older posts" : undefined}>
      <h1>{before ? "Older posts" : "Posts"}</h1>
      {!before && <p class="intro">Rows of a SQLite file, live in every open page.</p>}
      {before ? cards : <live-posts newest={posts[0]?.id ?? 0}>{cards}</live-posts>}
      {posts.length === 0 && (
        <p class="empty">{before ? "There is nothing older." : "Nothing is written yet."}</p>
      )}
      {(before || hasOlder) && (
        <nav class="pages" aria-label="Pages">
          {before && <a href="/">Newest posts</a>}
          {hasOlder && <a href={`/?before=${posts.at(-1)?.id}`}>Older posts</a>}
        </nav>
      )}
    </Layout>
  );
};
