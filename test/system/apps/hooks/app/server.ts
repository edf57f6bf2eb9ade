import { ServerConfig } from "miqro";
export default {
  preload: async (server) => {
    // runs before db connections
    console.log("hook preload");
  },
  load: async (server) => {
    // runs after db connections, before listening
    const rows = await server.db.get("mydb").select().from("config").yield();
    server.cache.set("config", rows);
    if (server.isPrimaryWorker()) console.log("hook load");
  },
  start: async (server) => {
    // runs after listening
    console.log("hook start");
  },
  stop: async (server) => {
    // runs on shutdown
    console.log("hook stop");
  }
} as ServerConfig;
