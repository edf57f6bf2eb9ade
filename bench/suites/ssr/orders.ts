/** A page of orders, for each library the same: a component for each cell, as the automatic transform calls it. */
export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly note: string;
  readonly city: string;
  readonly total: number;
  readonly paid: boolean;
}

export function createOrders(count: number): readonly Order[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    customer: index % 4 === 0 ? `Smith & Sons "${index}"` : `Customer ${index}`,
    note: index % 3 === 0 ? `<b>urgent</b> & 'fragile' ${index}` : `no remarks ${index}`,
    city: ["Rome", "São Paulo", "Zürich"][index % 3] ?? "",
    total: index * 7.5,
    paid: index % 2 === 0,
  }));
}

type Factory = (type: unknown, props: unknown, key?: unknown) => unknown;

// Each library has a copy of this module, and sets its own factories.
let jsx: Factory;
let jsxs: Factory;

const Cell = ({ name, value, children }: { name: string; value: string; children?: unknown }) =>
  jsx("td", { class: "cell", "data-name": name, "data-value": value, children });

const OrderLink = ({ order }: { order: Order }) =>
  jsx("a", {
    href: `/orders/${order.id}?tab=lines&sort=${order.city}`,
    class: "link",
    children: order.customer,
  });

const Badge = ({ paid }: { paid: boolean }) =>
  jsx("span", { class: paid ? "badge paid" : "badge", children: paid ? "paid" : "open" });

const OrderRow = ({ order }: { order: Order }) =>
  jsxs("tr", {
    class: order.paid ? "row paid" : "row",
    "data-id": order.id,
    children: [
      jsx(Cell, { name: "id", value: String(order.id), children: order.id }),
      jsx(Cell, { name: "customer", value: order.customer, children: jsx(OrderLink, { order }) }),
      jsx(Cell, { name: "note", value: order.note, children: order.note }),
      jsx(Cell, { name: "city", value: order.city, children: order.city }),
      jsxs(Cell, { name: "total", value: String(order.total), children: ["€ ", order.total] }),
      jsx(Cell, { name: "state", value: String(order.paid), children: jsx(Badge, { paid: order.paid }) }),
    ],
  });

const Page = ({ orders }: { orders: readonly Order[] }) =>
  jsxs("main", {
    class: "page",
    children: [
      jsx("h1", { children: "Orders" }),
      jsx("table", {
        class: "orders",
        children: jsx("tbody", { children: orders.map((order) => jsx(OrderRow, { order }, order.id)) }),
      }),
    ],
  });

/** Has this copy of the module make its elements with the factories of a library. */
export function createPage(factories: { jsx: unknown; jsxs: unknown }) {
  jsx = factories.jsx as Factory;
  jsxs = factories.jsxs as Factory;
  return (orders: readonly Order[]) => jsx(Page, { orders });
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What careful people write: nothing is left out, and text without such characters is not copied. */
function encode(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character] ?? "") : text;
}

/** The limit: strings that are joined, where what cannot have anything to escape is not looked at. */
export function writeByHand(orders: readonly Order[]): string {
  let rows = "";
  for (const order of orders) {
    const href = `/orders/${order.id}?tab=lines&sort=${order.city}`;
    const link = `<a href="${encode(href)}" class="link">${encode(order.customer)}</a>`;
    const badge = `<span class="${order.paid ? "badge paid" : "badge"}">${order.paid ? "paid" : "open"}</span>`;
    rows +=
      `<tr class="${order.paid ? "row paid" : "row"}" data-id="${order.id}">` +
      `<td class="cell" data-name="id" data-value="${order.id}">${order.id}</td>` +
      `<td class="cell" data-name="customer" data-value="${encode(order.customer)}">${link}</td>` +
      `<td class="cell" data-name="note" data-value="${encode(order.note)}">${encode(order.note)}</td>` +
      `<td class="cell" data-name="city" data-value="${encode(order.city)}">${encode(order.city)}</td>` +
      `<td class="cell" data-name="total" data-value="${order.total}">€ ${order.total}</td>` +
      `<td class="cell" data-name="state" data-value="${order.paid}">${badge}</td></tr>`;
  }
  return `<main class="page"><h1>Orders</h1><table class="orders"><tbody>${rows}</tbody></table></main>`;
}

type Template = (strings: readonly string[], ...values: unknown[]) => unknown;
type Attribute = (name: string, value: unknown) => string;

/** What Preact's compiler makes of the same page: strings, with holes for attributes and children. */
export function createPrecompiledPage(
  create: Factory,
  template: Template,
  attr: Attribute,
  escapeChild: (value: unknown) => unknown,
) {
  const cellParts = ['<td class="cell" ', " ", ">", "</td>"];
  const linkParts = ["<a ", ' class="link">', "</a>"];
  const badgeParts = ["<span ", ">", "</span>"];
  const rowParts = ["<tr ", " ", ">", "", "", "", "", "", "</tr>"];
  const pageParts = [
    '<main class="page"><h1>Orders</h1><table class="orders"><tbody>',
    "</tbody></table></main>",
  ];
  const writeCell = ({ name, value, children }: { name: string; value: string; children?: unknown }) =>
    template(cellParts, attr("data-name", name), attr("data-value", value), escapeChild(children));
  const writeLink = ({ order }: { order: Order }) =>
    template(
      linkParts,
      attr("href", `/orders/${order.id}?tab=lines&sort=${order.city}`),
      escapeChild(order.customer),
    );
  const writeBadge = ({ paid }: { paid: boolean }) =>
    template(badgeParts, attr("class", paid ? "badge paid" : "badge"), escapeChild(paid ? "paid" : "open"));
  const writeRow = ({ order }: { order: Order }) =>
    template(
      rowParts,
      attr("class", order.paid ? "row paid" : "row"),
      attr("data-id", order.id),
      create(writeCell, { name: "id", value: String(order.id), children: order.id }),
      create(writeCell, { name: "customer", value: order.customer, children: create(writeLink, { order }) }),
      create(writeCell, { name: "note", value: order.note, children: order.note }),
      create(writeCell, { name: "city", value: order.city, children: order.city }),
      create(writeCell, { name: "total", value: String(order.total), children: ["€ ", order.total] }),
      create(writeCell, {
        name: "state",
        value: String(order.paid),
        children: create(writeBadge, { paid: order.paid }),
      }),
    );
  const writePage = ({ orders }: { orders: readonly Order[] }) =>
    template(
      pageParts,
      orders.map((order) => create(writeRow, { order }, order.id)),
    );
  return (orders: readonly Order[]) => create(writePage, { orders });
}
