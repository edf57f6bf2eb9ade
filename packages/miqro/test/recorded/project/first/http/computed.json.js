export default async (req, res) => {
  res.statusCode = 202;
  return { query: req.query };
};
