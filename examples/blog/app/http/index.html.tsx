import JSX from "@miqro/jsx";
import type { APIOptions } from "miqro";

export const apiOptions: APIOptions = {
  path: ["/", "/index.html"],
};

export default async (req, _res) => {
  const posts = await req.server.db.get("blog").select().from("posts").order("id", "DESC").limit(20).yield();
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>A miqro blog</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <h1>A miqro blog</h1>
          <nav>
            <a href="/docs/guide">Guide</a>
          </nav>
        </header>
        <main>
          <live-posts />
          <ol class="posts">
            {posts.map((post) => (
              <li key={post.id}>
                <article>
                  <h2>{post.title}</h2>
                  <p>{post.content}</p>
                  <footer>
                    <time datetime={post.createdAt.toISOString()}>{post.createdAt.toUTCString()}</time>
                    <clap-counter initial="0" />
                  </footer>
                </article>
              </li>
            ))}
          </ol>
          <post-form />
        </main>
        <script src="/js/app.js" />
      </body>
    </html>
  );
};
