import { APIOptions } from "miqro";
export const apiOptions: APIOptions = { path: "/fields/:id", method: ["GET", "POST"] };
export default async (req, res) => {
  if (req.method === "POST") await req.server.middleware.json()(req, res);
  return res.json({
    path: req.path,
    hash: req.hash,
    search: req.searchParams.getAll("a"),
    query: req.query,
    params: req.params,
    cookies: req.cookies,
    body: req.body ?? null,
    buffer: Buffer.isBuffer(req.buffer),
    uuid: typeof req.uuid,
    startMS: typeof req.startMS,
    logger: typeof req.logger.info,
    results: Array.isArray(req.results)
  });
}
