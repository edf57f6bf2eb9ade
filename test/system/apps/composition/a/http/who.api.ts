export default (req, res) => res.json({ service: "a", account: req.session.account });
