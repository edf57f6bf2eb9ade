import type { AuthConfig } from "miqro";
import { cookieName } from "../access/cookie.js";
import { currentEditor } from "../editor/current-editor.js";

export default {
  tokenLocation: "cookie",
  tokenLocationName: cookieName,
  // Without a session, the page is refused too. Then catch.ts shows how to get a session.
  verify: ({ token }) =>
    currentEditor().keys.isSession(token)
      ? { account: "developer", username: "developer", groups: [] }
      : null,
} satisfies AuthConfig;
