import type { ServerConfig } from "miqro";
import { password } from "./auth.js";

export default {
  start(server) {
    const how = process.env.AUTHOR_PASSWORD
      ? "with AUTHOR_PASSWORD"
      : `with the password ${password} (AUTHOR_PASSWORD sets one that lasts)`;
    server.getLogger("BLOG").info(`To write, sign in at /sign-in ${how}.`);
  },
} satisfies ServerConfig;
