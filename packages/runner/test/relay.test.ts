import { connectBackplane, connectRelay } from "@miqro/runner/relay";
import { relayContract } from "miqro-tests/relay-contract";

relayContract("over the backplane of one process", async () => {
  const backplane = await connectBackplane({ url: "ipc" });
  const relay = await connectRelay(backplane);
  return { relays: [relay, relay], [Symbol.asyncDispose]: () => backplane.close() };
});
