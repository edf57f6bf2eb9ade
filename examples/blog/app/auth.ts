import { type AuthConfig, jwt } from "miqro";
import { tokenKey } from "./secrets.js";

export default {
  // Everyone may read: only a route with a policy asks for a session.
  required: false,
  verify: async ({ token }) => {
    try {
      const payload = await jwt.verify(token, tokenKey);
      return {
        account: payload.account as string,
        username: payload.username as string,
        groups: payload.groups as string[],
        token,
      };
    } catch {
      return null;
    }
  },
} as AuthConfig;
