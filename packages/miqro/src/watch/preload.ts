// The warm spare imports this module while it waits: the whole framework, and nothing of the app.
import "../build/compile-services.js";
import "../lifecycle/miqro.js";
import "@miqro/query";
import "../req-server/caches.js";
import "../settings/read-settings.js";
import "./error-page.js";
import { conventions } from "../conventions/table.js";
import { httpFiles } from "../http-files/table.js";
import { markAsReplacement } from "./replacement.js";

for (const { load } of [...conventions, ...httpFiles]) await load?.();
await import("../conventions/check-configs.js");

markAsReplacement();
