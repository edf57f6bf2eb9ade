export default (req, res) => {
  return res.json({
    account: req.session.account,
    username: req.session.username,
    groups: req.session.groups,
    hasToken: typeof req.session.token === "string"
  });
}
