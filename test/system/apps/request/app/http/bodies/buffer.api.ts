export default {
  method: "POST",
  handler: async (req, res) => {
    await req.server.middleware.buffer()(req, res);
    return res.json({ length: req.buffer.length });
  }
}
