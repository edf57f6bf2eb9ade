import { policy, third } from "../../../../parts.js";

export default { policy, handler: third };
