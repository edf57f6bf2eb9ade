import { DBConfig } from "miqro";
export default {
  dialect: "node:sqlite",
  name: "mydb",
  storage: ":memory:"
} as DBConfig;
