export default {
  method: "POST",
  handler: (req, res) => {
    req.server.stop();
    return res.json({ ok: true });
  }
}
