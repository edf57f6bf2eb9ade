import type { DBConfig } from "miqro";

export default {
  dialect: "node:sqlite",
  name: "blog",
  storage: process.env.BLOG_STORAGE ?? "./blog.sqlite3",
} as DBConfig;
