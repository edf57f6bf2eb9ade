export { second as default } from "../../../parts.js";
