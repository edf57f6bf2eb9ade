import { toHTMLText } from "../markdown/html-text.js";

/** A page that redirects like a route, since a file cannot answer with a redirect. */
export function toRedirectPage(location: string): string {
  const url = toHTMLText(location);
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="robots" content="noindex">',
    `<meta http-equiv="refresh" content="0; url=${url}">`,
    "<title>Redirect</title>",
    "</head>",
    "<body>",
    `<p><a href="${url}">${url}</a></p>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}
