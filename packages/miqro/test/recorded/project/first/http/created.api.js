export const apiOptions = {
  method: ["POST", "PUT"],
  path: "books/new",
  request: { body: { type: "object", properties: { title: "string", year: "integer?" } } },
  response: { status: 201, body: { type: "object", properties: { title: "string" } } },
};

export default (req, res) => res.json({ title: req.body.title }, {}, 201);
