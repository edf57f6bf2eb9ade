export default (req, res) => res.json({ account: req.session.account });
