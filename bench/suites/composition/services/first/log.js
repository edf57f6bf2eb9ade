export { log as default } from "../../parts.js";
