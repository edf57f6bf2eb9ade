import JSX, { useEffect, useState } from "@miqro/jsx";

/** Tells of posts that were written since the page was opened. */
export function LivePosts() {
  const [posts, setPosts] = useState([]);
  useEffect(() => {
    const socket = new WebSocket(
      `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/updates`,
    );
    socket.onmessage = ({ data }) => {
      const post = JSON.parse(data);
      setPosts((before) => [...before, post]);
    };
    return () => socket.close();
  }, []);
  if (posts.length === 0) return null;
  return (
    <aside role="status">
      <a href="/">New:</a>
      <ul>
        {posts.map((post) => (
          <li key={post.id}>{post.title}</li>
        ))}
      </ul>
    </aside>
  );
}
