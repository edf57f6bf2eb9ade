import type { AuthConfig } from "miqro";
import { cookieName } from "../access/cookie.js";
import { currentEditor } from "../editor/current-editor.js";

export default {
  tokenLocation: "cookie",
  tokenLocationName: cookieName,
  // The page cannot be shown without a session either: catch.ts says how to get one.
  verify: ({ token }) =>
    currentEditor().keys.isSession(token)
      ? { account: "developer", username: "developer", groups: [] }
      : null,
} satisfies AuthConfig;
