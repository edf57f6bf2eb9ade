export default (req, res) => {
  return res.html(req.server.inflateMDtoHTML(String(req.query.text)));
}
