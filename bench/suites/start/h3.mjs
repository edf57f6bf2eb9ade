import { H3, serve } from "h3";

const server = serve(
  new H3().get("/", () => "hello"),
  { port: 0, hostname: "127.0.0.1", silent: true },
);
await server.ready();
console.log(server.url);
