import type { WSConfig } from "miqro";

export default {
  path: "/updates",
} as WSConfig;
