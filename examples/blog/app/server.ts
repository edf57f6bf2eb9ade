import type { ServerConfig } from "miqro";
import { madeUpPassword } from "./auth.js";

export default {
  async start(server) {
    const how = process.env.AUTHOR_PASSWORD
      ? "with AUTHOR_PASSWORD"
      : `with the password ${await madeUpPassword(server)}, or set AUTHOR_PASSWORD`;
    server.getLogger("BLOG").info(`To write, sign in at ${server.url}/sign-in ${how}.`);
  },
} satisfies ServerConfig;
