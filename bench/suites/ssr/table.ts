/** The same table for every library: how it makes elements is all that differs. */
export interface Row {
  readonly id: number;
  readonly name: string;
  readonly mail: string;
  readonly tags: readonly string[];
  readonly active: boolean;
}

export const rows: readonly Row[] = Array.from({ length: 1000 }, (_, id) => ({
  id,
  name: id % 3 === 0 ? `Ann "the ${id}" O'Neil` : `Ben ${id}`,
  mail: `user${id}@example.com?a=${id}&b=<c>`,
  tags: ["one", "two & three"],
  active: id % 2 === 0,
}));

type Factory = (type: unknown, props: unknown, ...children: unknown[]) => unknown;

// What the classic transform makes of JSX; each library has a copy of this module, and sets its own factory.
let h: Factory;

const Tag = ({ text }: { text: string }) => h("span", { class: "tag", title: text }, text);

const Cell = ({ label, children }: { label: string; children?: unknown }) =>
  h("td", { class: "cell", "data-label": label }, children);

const TableRow = ({ row }: { row: Row }) =>
  h(
    "tr",
    { class: row.active ? "row active" : "row", id: `row-${row.id}`, title: row.name },
    h(Cell, { label: "id" }, row.id),
    h(Cell, { label: "name" }, h("a", { href: `/users/${row.id}?q=${row.name}` }, row.name)),
    h(Cell, { label: "mail" }, row.mail),
    h(
      Cell,
      { label: "tags" },
      row.tags.map((text) => h(Tag, { key: text, text })),
    ),
  );

const Table = () =>
  h(
    "table",
    { class: "table" },
    h(
      "tbody",
      null,
      rows.map((row) => h(TableRow, { key: row.id, row })),
    ),
  );

const Page = () => h("main", null, h("h1", null, "Users"), h(Table, null));

/** Has this copy of the module make its elements with the factory of a library. */
export function createPage(factory: unknown): () => unknown {
  h = factory as Factory;
  return () => h(Page, null);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const encode = (text: string) =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (character) => entities[character] ?? "") : text;

/** The limit: what a careful person would write without any library. */
export function writeByHand(): string {
  let html = '<main><h1>Users</h1><table class="table"><tbody>';
  for (const row of rows) {
    html += `<tr class="${row.active ? "row active" : "row"}" id="row-${row.id}" title="${encode(row.name)}">`;
    html += `<td class="cell" data-label="id">${row.id}</td>`;
    const href = encode(`/users/${row.id}?q=${row.name}`);
    html += `<td class="cell" data-label="name"><a href="${href}">${encode(row.name)}</a></td>`;
    html += `<td class="cell" data-label="mail">${encode(row.mail)}</td><td class="cell" data-label="tags">`;
    for (const tag of row.tags) html += `<span class="tag" title="${encode(tag)}">${encode(tag)}</span>`;
    html += "</td></tr>";
  }
  return `${html}</tbody></table></main>`;
}
