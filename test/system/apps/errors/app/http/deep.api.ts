import { fail } from "../deep.js";

export default (req, res) => fail({ text: "it fails there" });
