export default async (req, res) => {
  return res.json(await req.server.cache.get("config"));
}
