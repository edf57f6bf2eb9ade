import type { Start } from "../cases.ts";
import { startFastify } from "./create-fastify.ts";

const start: Start = () => startFastify(true);

export default start;
