import JSX from "@miqro/jsx";
import { createPage } from "../../page.ts";
import { policy, readOrders } from "../orders.js";

const Page = createPage(JSX.createElement);

export const apiOptions = { policy };

export default async (req) =>
  JSX.createElement(Page, { user: req.session.username, orders: await readOrders(req.server) });
