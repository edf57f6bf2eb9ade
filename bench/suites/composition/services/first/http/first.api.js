export { first as default } from "../../../parts.js";
