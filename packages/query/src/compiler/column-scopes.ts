import type { DerivedTableNode, SelectNode, TableNode } from "../ast/select-node.js";
import { splitName } from "../builder/split-name.js";
import type { ColumnTarget } from "../driver/driver.js";

type Source = TableNode | DerivedTableNode;

/** A SELECT that has a name in a statement. Those before it come first. */
interface NamedSelect {
  readonly name: string;
  readonly select: SelectNode;
  readonly before: NamedSelect | undefined;
}

/** The tables whose columns can be named at a point of a statement. It finds the column of a table behind a name. */
export class ColumnScopes {
  /** The tables of the outer statements come last. */
  #scopes: readonly (readonly Source[])[] = [];
  #named: NamedSelect | undefined;

  /** Works with the tables of a statement. */
  within<Result>(tables: readonly Source[], work: () => Result): Result {
    return this.#at([tables, ...this.#scopes], this.#named, work);
  }

  /** Works with the tables of a SELECT; `work` calls `addNamed` for the SELECTs that it names. */
  withinSelect<Result>(select: SelectNode, work: () => Result): Result {
    return this.within(sourcesOf(select), work);
  }

  /** Makes a SELECT known by its name, until the statement that names it ends. */
  addNamed(name: string, select: SelectNode): void {
    this.#named = { name, select, before: this.#named };
  }

  /** The tables in which the column of a name can be; undefined if no table has it. */
  find(name: string): ColumnTarget | undefined {
    const { schema: owner, name: column } = splitName(name);
    for (const scope of this.#scopes) {
      const sources = scope.filter((source) => owner === undefined || isNamed(source, owner));
      if (sources.length > 0) return this.#findIn(sources, column);
    }
    return undefined;
  }

  #findIn(sources: readonly Source[], column: string): ColumnTarget | undefined {
    const tables: string[] = [];
    for (const source of sources) {
      const named = source.kind === "table" ? this.#findNamed(source.name) : undefined;
      const select = source.kind === "table" ? named?.select : source.select;
      if (select === undefined) {
        tables.push((source as TableNode).name);
        continue;
      }
      const found = this.#at([], source.kind === "table" ? named?.before : this.#named, () =>
        this.#findBehind(select, column),
      );
      if (found !== undefined) return found;
    }
    return tables.length === 0 ? undefined : { tables, column };
  }

  /** The column of a table that a SELECT gives under a name. */
  #findBehind(select: SelectNode, column: string): ColumnTarget | undefined {
    return this.withinSelect(select, () => {
      for (const { name, select: other } of select.with) this.addNamed(name, other);
      if (select.columns.length === 0) return this.find(column);
      for (const node of select.columns) {
        if (node.kind !== "column") continue;
        const { schema: owner, name } = splitName(node.name);
        if (node.alias === undefined && name === "*") {
          const found = this.find(owner === undefined ? column : `${owner}.${column}`);
          if (found !== undefined) return found;
        } else if ((node.alias ?? name).toLowerCase() === column.toLowerCase()) return this.find(node.name);
      }
      return undefined;
    });
  }

  #findNamed(name: string): NamedSelect | undefined {
    let named = this.#named;
    while (named !== undefined && named.name !== name) named = named.before;
    return named;
  }

  #at<Result>(
    scopes: readonly (readonly Source[])[],
    named: NamedSelect | undefined,
    work: () => Result,
  ): Result {
    const outer = [this.#scopes, this.#named] as const;
    this.#scopes = scopes;
    this.#named = named;
    const result = work();
    [this.#scopes, this.#named] = outer;
    return result;
  }
}

function sourcesOf({ from, joins }: SelectNode): Source[] {
  const tables = joins.map((join) => join.table);
  return from === undefined ? tables : [from, ...tables];
}

function isNamed(table: Source, name: string): boolean {
  if (table.alias !== undefined || table.kind !== "table") return table.alias === name;
  return table.name === name || splitName(table.name).name === name;
}
