import { DBConfig } from "miqro";
export default {
  dialect: "node:sqlite",
  name: "mydb",
  storag: ":memory:"
} as DBConfig;
