import type auth from "./auth.js";
import type db from "./db.js";
import type { Tables } from "./db.js";

// For the compiler: the types of `req.session` and of the database.
declare module "miqro" {
  interface Register {
    auth: typeof auth;
    db: typeof db;
    tables: { blog: Tables };
  }
}
