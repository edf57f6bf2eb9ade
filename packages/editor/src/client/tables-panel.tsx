import { type JSXNode, useEffect, useState } from "@miqro/jsx";
import type { TablePage } from "../agent/read-tables.js";
import { get } from "./api.js";
import { appInfo, loadAppInfo } from "./app-info.js";
import { ScrollArea } from "./scroll-area.js";
import { useStore } from "./store.js";
import { tellError } from "./ui.js";

const pageSize = 50;

/** The tables of the databases, read-only. */
export function TablesPanel(): JSXNode {
  const { databases, error } = useStore(appInfo);
  const [chosen, setChosen] = useState("");
  const [offset, setOffset] = useState(0);
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly page: TablePage } | undefined>(
    undefined,
  );
  const all = databases.flatMap(({ name, tables }) =>
    tables.map((table) => ({ database: name, table: table.name })),
  );
  const keyOf = (one: { database: string; table: string }) => `${one.database}/${one.table}`;
  const current = all.find((one) => keyOf(one) === chosen) ?? all[0];
  const key = current === undefined ? "" : keyOf(current);
  const page = loaded?.key === key ? loaded.page : undefined;

  useEffect(() => void loadAppInfo(), []);
  const load = (): void => {
    if (current === undefined) return;
    get<TablePage>("rows", { ...current, offset, limit: pageSize }).then(
      (rows) => setLoaded({ key, page: rows }),
      tellError,
    );
  };
  useEffect(load, [key, offset]);

  if (current === undefined) {
    return (
      <p class="hint">
        {error ?? "The app has no tables. db.ts opens a database, and migration/ creates its tables."}
      </p>
    );
  }
  const choose = (event: Event): void => {
    setOffset(0);
    setChosen((event.target as HTMLSelectElement).value);
  };
  const last = Math.min(offset + pageSize, page?.count ?? 0);
  return (
    <div class="fill">
      <div class="bar">
        <select aria-label="Table" value={key} onChange={choose}>
          {all.map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {one.database}: {one.table}
            </option>
          ))}
        </select>
        <button
          type="button"
          disabled={offset === 0}
          onClick={() => setOffset(Math.max(0, offset - pageSize))}
        >
          Previous
        </button>
        <span role="status">
          {page === undefined
            ? "..."
            : page.count === 0
              ? "no rows"
              : `${offset + 1} to ${last} of ${page.count}`}
        </span>
        <button
          type="button"
          disabled={last >= (page?.count ?? 0)}
          onClick={() => setOffset(offset + pageSize)}
        >
          Next
        </button>
        <button type="button" onClick={load}>
          Reload
        </button>
      </div>
      <ScrollArea class="scroll" label="Rows">
        {page !== undefined && page.rows.length > 0 && (
          <table class="rows">
            <thead>
              <tr>
                {page.columns.map((column) => (
                  <th scope="col" key={column}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {page.rows.map((row, index) => (
                <tr key={offset + index}>
                  {row.map((value, at) => (
                    <td key={page.columns[at]} class={value === null ? "null" : undefined}>
                      {value === null ? "null" : String(value)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </ScrollArea>
    </div>
  );
}
