export default ({ server }) => ({
  keys: Object.keys(server),
  frozen: Object.isFrozen(server) && Object.isFrozen(server.db),
  none: server.db.get("none"),
  unused: server.db.get("unused"),
  socket: server.ws.get("/updates/")?.path,
  noSocket: server.ws.get("/unused") === undefined,
  primary: server.isPrimaryWorker(),
  workers: server.getWorkerCount(),
  escaped: server.encodeHTML("<a & b>"),
  markdown: server.inflateMDtoHTML("# A <b>\n\n[x](javascript:1)"),
});
