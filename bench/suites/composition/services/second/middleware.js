import { before } from "../../parts.js";

export default { middleware: before };
