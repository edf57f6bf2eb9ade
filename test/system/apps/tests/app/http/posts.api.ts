export default (req, res) => res.json([{ title: "only" }]);
