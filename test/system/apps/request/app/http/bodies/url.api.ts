export default {
  method: "POST",
  handler: async (req, res) => {
    await req.server.middleware.url()(req, res);
    return res.json(req.body);
  }
}
