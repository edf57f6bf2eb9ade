import { it } from "node:test";
import { strictEqual } from "assert";
import JSX from "@miqro/jsx";
import { Counter } from "../counter.js";

it("renders counter", test.jsx.test(async (container, root, runtime) => {
  container.render(JSX.createElement(Counter, { initial: 0 }));
  strictEqual(root.innerHTML.includes("0"), true);
}));
