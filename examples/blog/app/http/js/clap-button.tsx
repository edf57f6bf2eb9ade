import JSX, { useEffect, useState } from "@miqro/jsx";
import { onUpdate } from "./updates.js";

/** A form that adds a clap to a post; with JavaScript, without leaving the page. */
export function ClapButton({ post = 0, claps: initial = 0 }) {
  const [claps, setClaps] = useState(initial);
  const [problem, setProblem] = useState("");
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
      setProblem("");
    } catch {
      setProblem("That did not arrive. Try again.");
    }
  };

  return (
    <form method="post" action={`/posts/${post}/clap`} onSubmit={onSubmit}>
      <output class="error">{problem}</output>
      <button type="submit" aria-describedby={`post-${post}`}>
        Clap <span class="count">{claps}</span>
      </button>
    </form>
  );
}
