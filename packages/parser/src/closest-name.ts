export { closestName } from "./text/closest-name.js";
