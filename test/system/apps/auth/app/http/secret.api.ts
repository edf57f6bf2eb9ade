export default {
  policy: {
    groups: ["admin"],
    groupPolicy: "at_least_one"
  },
  handler: (req, res) => res.json({ ok: true })
}
