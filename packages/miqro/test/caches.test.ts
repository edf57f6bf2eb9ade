import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ClusterCache, LocalCache } from "@miqro/runner/cache";
import { Miqro, type Server } from "miqro";
import { createProject, type Project } from "./support/project.js";

describe("req.server of a process without workers", () => {
  let project: Project;
  let miqro: Miqro;
  let server: Server;

  before(async () => {
    project = await createProject({
      "app/server.js": "export default { preload(server) { globalThis.seen = server; } };",
      "app/http/x.api.js": "export default () => 1;",
    });
    miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
    assert.ok(((await miqro.start()) as AddressInfo).port > 0);
    server = (globalThis as unknown as { seen: Server }).seen;
  });

  after(async () => {
    await miqro.stop({ drainIdle: 0 });
    await project.remove();
  });

  it("has two caches of the process, each one and the same", async () => {
    assert.ok(server.cache instanceof LocalCache);
    assert.ok(server.localCache instanceof LocalCache);
    assert.notEqual(server.cache, server.localCache);
    assert.equal(server.cache, server.cache);
    await server.cache.set("key", { deep: [1] });
    assert.deepEqual(server.cache.get("key"), { deep: [1] });
    assert.ok(Object.isFrozen(server.cache.get("key")));
    assert.equal(server.localCache.get("key"), undefined);
    assert.ok(Object.isFrozen(server));
  });

  it("makes more caches, with their options", async () => {
    const local = server.newLocalCache({ max: 1 });
    await local.set("a", 1);
    await local.set("b", 1);
    assert.deepEqual(local.keys(), ["b"]);
    const shared = server.newClusterCache("more");
    assert.ok(shared instanceof ClusterCache);
    await shared.ready();
    assert.equal(await shared.incr("n"), 1);
    await shared.close();
  });
});
