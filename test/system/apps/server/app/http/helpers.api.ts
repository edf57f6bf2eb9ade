import { createSecretKey } from "node:crypto";

export default async (req, res) => {
  const { server } = req;
  const secret = createSecretKey(Buffer.alloc(32, 7));
  const token = await server.jwt.sign({ account: "a" }, secret, {});
  const verified = await server.jwt.verify(token, secret, {});
  const decoded = server.jwt.decode(token);
  server.getLogger("OWN").info("a line of its own");
  return res.json({
    verified: verified.account,
    decoded: decoded.account,
    primary: server.isPrimaryWorker(),
    number: server.getWorkerNumber(),
    count: server.getWorkerCount(),
    encoded: server.encodeHTML("<b>"),
    html: server.inflateMDtoHTML("**x** <script>alert(1)</script>"),
    parser: typeof server.newParser().parse,
    none: [server.db.get("none"), server.ws.get("/none") ?? null],
    verbs: [typeof server.reload, typeof server.restart, typeof server.stop]
  });
}
