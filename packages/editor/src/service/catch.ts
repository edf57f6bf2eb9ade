import { type ErrorConfig, HttpError, UnauthorizedError } from "miqro";
import { cookieName } from "../access/cookie.js";
import { messagePage } from "../access/message-page.js";
import { securityHeaders } from "../access/security-headers.js";
import { currentEditor } from "../editor/current-editor.js";

export default {
  async catch(err, req, res) {
    await securityHeaders(req, res);
    const isPage = req.path === "/" && req.method === "GET";
    if (err instanceof UnauthorizedError && isPage) {
      const { key } = req.query;
      // If a browser prefetches the page, the key must stay valid.
      const isAhead = /prefetch|prerender/.test(
        `${req.headers["sec-purpose"] ?? ""} ${req.headers.purpose ?? ""}`,
      );
      const token = typeof key === "string" && !isAhead ? currentEditor().keys.exchange(key) : undefined;
      if (token === undefined) {
        const why =
          key === undefined ? "This browser has no session" : "This key was already used, or is wrong";
        const remedy = "Open the last URL that miqro printed, or start miqro again for another key.";
        return res.html(messagePage("The editor is locked", `${why}. ${remedy}`), {}, 401);
      }
      res.setCookie(cookieName, token, { httpOnly: true, sameSite: "strict", path: "/" });
      // After a redirect from another site, the browser would not send the `SameSite=Strict` cookie. So this page loads
      // the editor itself.
      return res.html(messagePage("Opening the editor", "One moment.", "/"));
    }
    if (!(err instanceof HttpError)) {
      req.logger.error(err);
      return res.json({ message: err.message }, {}, 500);
    }
    return res.json({ message: err.message }, {}, err.status);
  },
} satisfies ErrorConfig;
