let after = 0;

export default {
  middleware: [
    (_req, res) => {
      res.setHeader("x-first", "1");
    },
    (req, res) => {
      if (req.path === "/from-middleware") return res.text("middleware");
      if (req.path === "/after-count") return res.json({ after });
    },
  ],
  post: (req) => {
    if (req.path === "/hello") after++;
  },
};
