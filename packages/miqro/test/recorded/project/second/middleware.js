export default {
  middleware: (_req, res) => {
    res.setHeader("x-second", "2");
  },
};
