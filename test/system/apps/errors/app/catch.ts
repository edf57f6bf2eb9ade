import { ErrorConfig } from "miqro";
export default {
  catch: [
    async (err, req, res) => {
      req.logger.error(err);
      const [place] = err.stack.split("\n").filter((line) => line.includes("/errors/app/"));
      return res.json({ error: err.message, place: place?.replace(/^.*\/errors\//, "").replace(/:\d+\)?$/, "") }, {}, 500);
    }
  ]
} as ErrorConfig;
