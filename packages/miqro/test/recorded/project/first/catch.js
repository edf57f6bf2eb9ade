export default {
  catch: [
    (err, _req, res) => {
      if (err.message === "passed on") throw new Error("thrown by the first error handler", { cause: err });
      if (err.message === "caught") return res.json({ caught: err.message }, {}, 418);
    },
    (err, _req, res) => {
      if (err.cause?.message === "passed on") return res.text("the second error handler", {}, 503);
    },
  ],
};
