import { WSConfig } from "miqro";
export default {
  path: "/updates",
  disabled: false
} as WSConfig;
