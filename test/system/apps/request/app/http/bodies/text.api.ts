export default {
  method: "POST",
  handler: async (req, res) => {
    await req.server.middleware.text()(req, res);
    return res.json({ text: req.body });
  }
}
