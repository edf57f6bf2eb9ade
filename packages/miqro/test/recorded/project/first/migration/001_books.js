export default {
  dbName: "books",
  up: async (db) => {
    await db.query("CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL)");
  },
  down: async (db) => {
    await db.query("DROP TABLE books");
  },
};
