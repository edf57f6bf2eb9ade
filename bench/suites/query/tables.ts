import { integer as pgInteger, pgTable, text as pgText, serial } from "drizzle-orm/pg-core";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const rowCount = 1000;

/** Both tables, as the builders that take types want them. */
export interface Tables {
  posts: { id: number; title: string; body: string; likes: number; authorId: number };
  users: { id: number; name: string };
}

export const createSqlite = [
  "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, body TEXT NOT NULL, likes INTEGER NOT NULL, authorId INTEGER NOT NULL)",
  "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
];

export const posts = sqliteTable("posts", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  title: text("title").notNull(),
  body: text("body").notNull(),
  likes: integer("likes").notNull(),
  authorId: integer("authorId").notNull(),
});

export const users = sqliteTable("users", { id: integer("id").primaryKey(), name: text("name").notNull() });

export const pgPosts = pgTable("bench_posts", {
  id: serial("id").primaryKey(),
  title: pgText("title").notNull(),
  body: pgText("body").notNull(),
  likes: pgInteger("likes").notNull(),
});

/** The rows that are there before anything is measured. */
export function createRows(): Omit<Tables["posts"], "id">[] {
  return Array.from({ length: rowCount }, (_, index) => ({
    title: `title ${index}`,
    body: `body of the post ${index}`,
    likes: index % 7,
    authorId: 1,
  }));
}
