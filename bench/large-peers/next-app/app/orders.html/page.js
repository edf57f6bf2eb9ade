import { createVerifier } from "fast-jwt";
import { headers } from "next/headers";
import { createElement } from "react";
import { openMemory, secret, shown } from "../../shared/cases";
import { createPage } from "../../shared/page";

export const dynamic = "force-dynamic";

const Page = createPage(createElement);
const verify = createVerifier({ key: secret, cache: true, algorithms: ["HS256"] });
const database = openMemory();
const select = database.prepare("SELECT * FROM orders WHERE status = ? ORDER BY id DESC LIMIT ?");

export default async function Orders() {
  const { name } = verify(String((await headers()).get("authorization")).slice(7));
  return createElement(Page, { user: name, orders: select.all("open", shown) });
}
