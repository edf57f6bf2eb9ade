import { DBConfig } from "miqro";
export default { dialect: "node:sqlite", name: "b", storage: ":memory:" } as DBConfig;
