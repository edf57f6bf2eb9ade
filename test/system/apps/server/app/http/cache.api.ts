export default async (req, res) => {
  const { cache, localCache } = req.server;
  const other = req.server.newClusterCache("other");
  await other.ready();
  const seen = [];
  for (const one of [cache, localCache, other, req.server.newLocalCache("own")]) {
    await one.set("key", { a: 1 });
    await one.set_add("set", "x");
    await one.set_add("set", "y");
    await one.set_delete("set", "y");
    seen.push([await one.get("key"), await one.has("key"), await one.set_has("set", "x"), await one.set_has("set", "y")]);
    await one.unset("key");
    seen.push(await one.has("key"));
  }
  return res.json(seen);
}
