export default {
  name: "declared",
  path: ["declared/:id", "also/:id"],
  method: "GET",
  request: { params: { type: "object", properties: { id: { type: "integer", min: 1 } } } },
  handler: (req) => ({ id: req.params.id }),
};
