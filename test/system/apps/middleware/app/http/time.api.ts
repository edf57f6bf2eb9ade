export default (req, res) => res.json({ seen: typeof req.startTime });
