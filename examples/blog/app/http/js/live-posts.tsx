import JSX, { type JSXNode, useEffect, useState } from "@miqro/jsx";
import type { Post } from "../../posts.js";
import { PostCard } from "./post-card.js";
import { onUpdate } from "./updates.js";

/** Puts posts that are published while the page is open above those that it came with, its children. */
export function LivePosts({ newest = 0, children }: { newest?: number; children?: JSXNode }) {
  const [posts, setPosts] = useState<Post[]>([]);
  useEffect(
    () =>
      onUpdate((post) => {
        if (post.id <= newest) return;
        setPosts((known) => [post, ...known.filter(({ id }) => id !== post.id)].sort((a, b) => b.id - a.id));
      }),
    [newest],
  );
  return (
    <>
      <p class="visually-hidden" role="status">
        {posts[0] && `New post: ${posts[0].title}`}
      </p>
      {posts.map((post) => (
        <PostCard key={post.id} post={post} isNew />
      ))}
      {children}
    </>
  );
}
