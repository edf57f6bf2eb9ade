import { Miqro } from "miqro";

const app = new Miqro({
  services: ["app/"],
  port: "0",
  name: "myapp"
});
const address = await app.start(); // start server
console.log("started", JSON.stringify(address));
const port = typeof address === "string" ? address : address.port;
console.log("answered", await (await fetch(`http://127.0.0.1:${port}/hello`)).text());
await app.stop(); // stop server
console.log("stopped");
