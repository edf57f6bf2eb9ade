import type { DocConfig } from "miqro";

export default {
  title: "The API of the blog",
  description: "Programs read and write here what people read and write on the pages.",
  publish: {
    "/docs/api": { type: "HTML" },
    "/docs/api.md": { type: "MD" },
    "/docs/openapi.json": { type: "OPENAPI" },
    "/llms.txt": { type: "LLMS" },
  },
} satisfies DocConfig;
