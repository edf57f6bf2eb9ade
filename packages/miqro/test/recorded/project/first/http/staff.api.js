export default {
  policy: { groups: ["staff"] },
  middleware: (_req, res) => {
    res.setHeader("x-staff", "1");
  },
  handler: (req) => req.session.account,
};
