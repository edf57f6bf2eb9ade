import { DocConfig } from "miqro";
export default {
  publish: {
    "/api/docs": { type: "MD" }, // markdown
    "/api/schema": { type: "JSON" }, // json
    "/api/docs.html": { type: "HTML" } // html
  }
} as DocConfig;
