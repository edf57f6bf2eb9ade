export default {
  async load(server) {
    await server.db.get("books").query("INSERT INTO books (id, title) VALUES (1, 'Dune'), (2, 'Emma')");
  },
};
