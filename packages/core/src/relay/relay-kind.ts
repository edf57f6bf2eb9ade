import type { OptionKind } from "../options/kinds.js";
import type { Relay } from "./types.js";

/** What has the methods of a relay. */
export const relayKind: OptionKind = {
  words: "a relay { publish, subscribe, increment }",
  test: (value) => {
    const { publish, subscribe, increment } = Object(value) as Partial<Relay>;
    return [publish, subscribe, increment].every((method) => typeof method === "function");
  },
};
