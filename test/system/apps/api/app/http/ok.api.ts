export default (req, res) => {
  return res.json({ ok: true });
}
