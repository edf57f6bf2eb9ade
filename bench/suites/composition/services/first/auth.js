export { auth as default } from "../../parts.js";
