import { AuthConfig } from "miqro";
export default {
  verify: async ({ token }) => token === "one" || token === "two" ? { account: token, username: token, groups: [], token } : null
} as AuthConfig;
