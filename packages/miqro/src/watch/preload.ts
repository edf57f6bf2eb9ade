// What the warm spare imports while it waits for its turn: all of the framework, nothing of the app.
import "../lifecycle/miqro.js";
import "@miqro/query";
import { markAsReplacement } from "./replacement.js";

markAsReplacement();
