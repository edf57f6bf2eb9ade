import { after, before } from "../../parts.js";

export default { middleware: before, post: after };
