export default (req, res) => {
  req.logger.info("all is well");
  req.logger.error("something went wrong");
  return res.json({ ok: true });
}
