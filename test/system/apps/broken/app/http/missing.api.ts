import { gone } from "not-installed";
export default () => gone;
