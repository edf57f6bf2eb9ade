import { start } from "../../../client/start.js";

start();
