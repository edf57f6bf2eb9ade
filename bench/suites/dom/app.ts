/** One implementation of js-framework-benchmark's table; what differs is how elements are made and shown. */
export interface Row {
  readonly id: number;
  readonly label: string;
}

type Factory = (type: unknown, props: unknown, ...children: unknown[]) => unknown;
type Show = (node: unknown, container: Element) => void;

const adjectives = [
  "pretty",
  "large",
  "big",
  "small",
  "tall",
  "short",
  "long",
  "handsome",
  "plain",
  "quaint",
];
const nouns = ["table", "chair", "house", "bbq", "desk", "car", "pony", "cookie", "sandwich", "burger"];
let nextId = 1;

function createRows(count: number): Row[] {
  return Array.from({ length: count }, () => {
    const id = nextId++;
    return { id, label: `${adjectives[(id * 7) % 10]} ${nouns[(id * 3) % 10]} ${id}` };
  });
}

/** What each operation begins with, and what it does; all have an effect on a table of 1,000 rows. */
export const operations: Readonly<
  Record<string, { readonly from: number; readonly run: (app: App) => void; readonly twice?: boolean }>
> = {
  "create 1,000": { from: 0, run: (app) => app.set(createRows(1000)) },
  "create 10,000": { from: 0, run: (app) => app.set(createRows(10_000)) },
  "replace all": { from: 1000, run: (app) => app.set(createRows(1000)) },
  "update every 10th": {
    from: 1000,
    run: (app) =>
      app.set(app.rows.map((row, i) => (i % 10 === 0 ? { ...row, label: `${row.label} !!!` } : row))),
  },
  select: { from: 1000, run: (app) => app.select(app.rows[500]?.id ?? 0) },
  "swap rows": {
    from: 1000,
    run: (app) => {
      const rows = [...app.rows];
      [rows[1], rows[998]] = [rows[998] as Row, rows[1] as Row];
      app.set(rows);
    },
  },
  remove: { from: 1000, run: (app) => app.set(app.rows.filter((_row, index) => index !== 500)) },
  append: { from: 1000, run: (app) => app.set([...app.rows, ...createRows(1000)]) },
  clear: { from: 1000, run: (app) => app.set([]) },
};

export class App {
  rows: readonly Row[] = [];
  #selected = 0;
  readonly #container: Element;
  readonly #h: Factory;
  readonly #show: Show;
  readonly #row: unknown;

  constructor(container: Element, h: Factory, show: Show) {
    this.#container = container;
    this.#h = h;
    this.#show = show;
    this.#row = ({ row, selected }: { row: Row; selected: boolean }) =>
      h(
        "tr",
        { class: selected ? "danger" : "" },
        h("td", { class: "col-md-1" }, row.id),
        h("td", { class: "col-md-4" }, h("a", { onClick: () => this.select(row.id) }, row.label)),
        h(
          "td",
          { class: "col-md-1" },
          h(
            "a",
            { onClick: () => this.set(this.rows.filter((other) => other !== row)) },
            h("span", { class: "glyphicon glyphicon-remove", "aria-hidden": "true" }),
          ),
        ),
        h("td", { class: "col-md-6" }),
      );
  }

  set(rows: readonly Row[]): void {
    this.rows = rows;
    this.#render();
  }

  select(id: number): void {
    this.#selected = id;
    this.#render();
  }

  prepare(from: number): void {
    this.#selected = 0;
    this.set([]);
    if (from > 0) this.set(createRows(from));
  }

  #render(): void {
    const h = this.#h;
    const rows = this.rows.map((row) =>
      h(this.#row, { key: row.id, row, selected: row.id === this.#selected }),
    );
    this.#show(h("table", { class: "table" }, h("tbody", null, rows)), this.#container);
  }
}
