export default (req, res) => res.json({ service: "c" });
