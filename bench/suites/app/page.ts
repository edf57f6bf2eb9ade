/** A row of the table of orders. */
export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly status: string;
  readonly total: number;
  readonly note: string;
}

/** The function of a library that JSX calls to make an element. */
// biome-ignore lint/suspicious/noExplicitAny: each library has its own types, and one page serves them all.
type CreateElement = (type: any, props: any, ...children: any[]) => any;

/** The page as components of a library. */
export function createPage(
  h: CreateElement,
): (props: { readonly user: string; readonly orders: readonly Order[] }) => unknown {
  // biome-ignore lint/correctness/noComponentHookFactories: it is made once for each library.
  const Status = ({ status }: { readonly status: string }) =>
    h("span", { class: `status ${status}`, "data-status": status }, status);
  // biome-ignore lint/correctness/noComponentHookFactories: it is made once for each library.
  const Row = ({ order }: { readonly order: Order }) =>
    h(
      "tr",
      { id: `order-${order.id}` },
      h("td", null, h("a", { href: `/orders/${order.id}?from=list&page=1` }, String(order.id))),
      h("td", null, order.customer),
      h("td", null, h(Status, { status: order.status })),
      h("td", { class: "number" }, (order.total / 100).toFixed(2)),
      h("td", { title: order.note }, order.note),
    );
  return ({ user, orders }) =>
    h(
      "html",
      { lang: "en" },
      h("head", null, h("meta", { charset: "utf-8" }), h("title", null, `Orders of ${user}`)),
      h(
        "body",
        null,
        h("h1", null, "Orders"),
        h("p", null, "Signed in as ", h("b", null, user)),
        h(
          "table",
          null,
          h("tbody", null, ...orders.map((order) => h(Row, { key: String(order.id), order }))),
        ),
      ),
    );
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHTML = (text: string): string => text.replace(/[&<>"]/g, (found) => escapes[found] as string);

/** The same page by hand. */
export function writePage(user: string, orders: readonly Order[]): string {
  let rows = "";
  for (const { id, customer, status, total, note } of orders) {
    const text = escapeHTML(note);
    const kind = escapeHTML(status);
    rows += `<tr id="order-${id}"><td><a href="/orders/${id}?from=list&amp;page=1">${id}</a></td><td>${escapeHTML(customer)}</td><td><span class="status ${kind}" data-status="${kind}">${kind}</span></td><td class="number">${(total / 100).toFixed(2)}</td><td title="${text}">${text}</td></tr>`;
  }
  const name = escapeHTML(user);
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Orders of ${name}</title></head><body><h1>Orders</h1><p>Signed in as <b>${name}</b></p><table><tbody>${rows}</tbody></table></body></html>`;
}
