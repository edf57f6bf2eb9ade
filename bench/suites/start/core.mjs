import { App } from "@miqro/core";

const app = new App().get("/", () => "hello");
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
console.log(`http://127.0.0.1:${port}`);
