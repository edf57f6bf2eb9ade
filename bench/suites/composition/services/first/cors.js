export { cors as default } from "../../parts.js";
