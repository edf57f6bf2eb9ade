import type { JSXNode } from "@miqro/jsx";
import type { APIOptions, Request, Response } from "miqro";
import { projectId } from "../../access/cookie.js";
import { currentEditor } from "../../editor/current-editor.js";

export const apiOptions: APIOptions = { path: "/" };

export default function page(req: Request, res: Response): JSXNode {
  // If a browser with a session opens a URL with a key, the key becomes invalid too.
  if (typeof req.query.key === "string") currentEditor().keys.exchange(req.query.key);
  const name = currentEditor().root.split(/[\\/]/).at(-1);
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{name} - miqro editor</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="csp-nonce" content={res.cspNonce} />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/editor.css" />
        <script type="module" src="/js/editor.js" />
      </head>
      <body>
        <miqro-editor project={name} project-id={projectId} />
      </body>
    </html>
  );
}
