import { CORSOptions } from "miqro";
export default {
  origins: ["https://myapp.example", "https://staging.myapp.example"],
  methods: "GET,POST,PUT,DELETE"
} as CORSOptions;
