import JSX from "@miqro/jsx";
import { rows } from "../../cases.ts";
import { createPage } from "../../page.ts";

const Page = createPage(JSX.createElement);
const orders = rows();

export default () => JSX.createElement(Page, { user: "nobody", orders });
