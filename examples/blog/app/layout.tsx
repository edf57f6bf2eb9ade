import type { Request } from "@miqro/core";
import JSX, { type JSXNode } from "@miqro/jsx";
// The server renders the web components that this defines; the page takes them over.
import "./http/js/app.min.js";

interface LayoutProps {
  req: Request;
  title?: string | undefined;
  children?: JSXNode;
}

/** What all pages have around their content. */
export function Layout({ req, title, children }: LayoutProps) {
  const link = (href: string, text: string) => (
    <a href={href} aria-current={req.path === href ? "page" : undefined}>
      {text}
    </a>
  );
  return (
    <html lang="en" data-updates={req.server.ws.get("/updates") && "on"}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title ? `${title} · A miqro blog` : "A miqro blog"}</title>
        <link rel="icon" href="/icon.svg" />
        <link rel="stylesheet" href="/style.css" />
        <script src="/js/app.js" defer />
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header>
          <a class="brand" href="/">
            A miqro blog
          </a>
          <nav aria-label="Site">
            {link("/docs/guide", "Guide")}
            {req.session ? link("/write", "Write") : link("/sign-in", "Sign in")}
            {req.session && (
              <form method="post" action="/sign-out">
                <button type="submit" class="plain">
                  Sign out
                </button>
              </form>
            )}
          </nav>
        </header>
        <main id="main">{children}</main>
      </body>
    </html>
  );
}
