import type { WSConfig } from "miqro";

// Open pages listen here; posts.ts tells them of posts that are new or have changed.
export default { path: "/updates" } satisfies WSConfig;
