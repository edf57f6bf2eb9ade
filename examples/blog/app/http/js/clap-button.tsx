import JSX, { useEffect, useState } from "@miqro/jsx";
import { onUpdate } from "./updates.js";

/** A form that adds a clap to a post; with JavaScript, without leaving the page. */
export function ClapButton({ post = 0, claps: initial = 0 }) {
  const [claps, setClaps] = useState(initial);
  // Claps only ever grow: an answer that comes late must not take back a newer one.
  const raise = (news: { claps: number }) => setClaps((known) => Math.max(known, news.claps));
  useEffect(() => onUpdate((news) => news.id === post && raise(news)), [post]);

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    try {
      const response = await fetch(form.action, { method: "POST", headers: { accept: "application/json" } });
      if (!response.ok) throw new Error(response.statusText);
      raise(await response.json());
    } catch {
      // The browser's own request shows what is wrong.
      form.submit();
    }
  };

  return (
    <form method="post" action={`/posts/${post}/clap`} onSubmit={onSubmit}>
      <button type="submit" aria-describedby={`post-${post}`}>
        Clap <span class="count">{claps}</span>
      </button>
    </form>
  );
}
