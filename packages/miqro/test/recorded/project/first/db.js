export default [
  { dialect: "node:sqlite", name: "books", storage: ":memory:" },
  { name: "unused", storage: "/nowhere/unused.sqlite3", disabled: true },
];
