import type { ConditionNode, InListNode } from "../ast/condition-node.js";
import type { AggregateNode, ColumnNode, ExpressionNode, RawNode } from "../ast/expression-node.js";
import {
  createTableNode,
  type DerivedTableNode,
  type OrderNode,
  type SelectNode,
  type TableNode,
} from "../ast/select-node.js";
import type { StatementNode } from "../ast/statement-node.js";
import type {
  AlterTableNode,
  ColumnDefinitionNode,
  CreateIndexNode,
  CreateTableNode,
  DefaultValue,
  DropIndexNode,
  DropTableNode,
  ReferenceNode,
  TruncateNode,
} from "../ast/table-nodes.js";
import type {
  AssignmentNode,
  ConflictNode,
  DeleteNode,
  InsertNode,
  RowsNode,
  UpdateNode,
} from "../ast/write-nodes.js";
import type { Access, ColumnTarget } from "../driver/driver.js";
import { UnsupportedError } from "../errors.js";
import type { Parameter } from "../values/parameter.js";
import type { Capabilities } from "./capabilities.js";
import { checkResultNames } from "./check-result-names.js";
import { ColumnScopes } from "./column-scopes.js";
import type { CompiledShape } from "./compiled-query.js";

/**
 * Writes a tree of nodes as SQL. Each object compiles one statement only. This class writes the SQL that the dialects
 * share; a dialect overrides only the differences.
 */
export abstract class QueryCompiler {
  protected abstract readonly capabilities: Capabilities;
  protected sql: string = "";
  readonly #slots: number[] = [];
  readonly #targets: (ColumnTarget | undefined)[] = [];
  readonly #counts: Map<number, "limit" | "offset"> = new Map();
  readonly #columns = new ColumnScopes();
  /** The first slot of the current node. */
  #base = 0;

  compile(node: StatementNode): CompiledShape {
    if (node.kind === "select") checkResultNames(node.columns);
    else if ("returning" in node) checkResultNames(node.returning);
    this.#statement(node);
    const slots = this.#slots;
    return {
      sql: this.sql,
      slots: slots.every((slot, index) => slot === index) ? undefined : slots,
      width: slots.length,
      targets: this.#targets.some((target) => target !== undefined) ? this.#targets : undefined,
      results: node.kind === "select" ? this.#resultsOf(node) : undefined,
      counts: this.#counts.size > 0 ? this.#counts : undefined,
      access: accessOf(node),
      rows: node.kind === "select" || ("returning" in node && node.returning.length > 0),
      echoes: node.kind === "insert" && isPlain(node),
    };
  }

  /** The columns behind `min` and `max` in a result. */
  #resultsOf({ columns, ...select }: SelectNode): CompiledShape["results"] {
    const isStar = (node: ExpressionNode) => node.kind === "column" && node.name.endsWith("*");
    if (!columns.some(isExtreme) || columns.some(isStar)) return undefined;
    return this.#columns.withinSelect({ columns, ...select }, () => {
      for (const named of select.with) this.#columns.addNamed(named.name, named.select);
      return columns.map((node) => (isExtreme(node) ? this.target(node.column) : undefined));
    });
  }

  /** The name of the dialect in messages. */
  protected abstract readonly dialect: string;

  /** Quotes one part of a name. With these quotes, an unknown name is an error and never a string. */
  protected abstract quote(name: string): string;

  /** The placeholder of the parameter with this number, counted from 1. */
  protected abstract placeholder(position: number): string;

  /** Returns the declared type of a column. */
  protected abstract columnType(column: ColumnDefinitionNode): string;

  /** Returns a value as an SQL literal, for clauses in which SQL allows no parameters. */
  protected abstract literal(value: Parameter): string;

  #statement(node: StatementNode): void {
    switch (node.kind) {
      case "select":
        this.select(node);
        break;
      case "insert":
        this.insert(node);
        break;
      case "update":
        this.update(node);
        break;
      case "delete":
        this.delete(node);
        break;
      case "create-table":
        this.createTable(node);
        break;
      case "drop-table":
        this.dropTable(node);
        break;
      case "alter-table":
        this.alterTable(node);
        break;
      case "create-index":
        this.createIndex(node);
        break;
      case "drop-index":
        this.dropIndex(node);
        break;
      case "truncate":
        this.truncate(node);
        break;
    }
  }

  protected select(node: SelectNode): void {
    this.#columns.withinSelect(node, () => this.#select(node));
  }

  #select(node: SelectNode): void {
    for (const [index, { name, select, slot }] of node.with.entries()) {
      this.sql += `${index === 0 ? "WITH " : ", "}${this.quote(name)} AS (`;
      this.nested(slot, () => this.select(select));
      this.#columns.addNamed(name, select);
      this.sql += index === node.with.length - 1 ? ") " : ")";
    }
    this.sql += node.distinct ? "SELECT DISTINCT " : "SELECT ";
    if (node.columns.length === 0) this.sql += "*";
    else this.list(node.columns, this.selected);
    if (node.from !== undefined) {
      this.sql += " FROM ";
      this.table(node.from);
    }
    for (const join of node.joins) {
      this.sql += ` ${join.type} JOIN `;
      this.table(join.table);
      this.sql += " ON ";
      this.nested(join.slot, () => this.conditions(join.on, " AND "));
    }
    this.where(node.where);
    if (node.groupBy.length > 0) {
      this.sql += " GROUP BY ";
      this.list(node.groupBy, this.expression);
    }
    if (node.having.length > 0) {
      this.sql += " HAVING ";
      this.conditions(node.having, " AND ");
    }
    for (const { all, select, slot } of node.unions) {
      this.sql += all ? " UNION ALL " : " UNION ";
      this.nested(slot, () => this.unionMember(select));
    }
    if (node.orderBy.length > 0) {
      this.sql += " ORDER BY ";
      this.list(node.orderBy, this.order);
    }
    this.limit(node);
    if (node.forUpdate) {
      if (!this.capabilities.forUpdate)
        throw this.unsupported("forUpdate()", "a transaction locks the database");
      this.sql += " FOR UPDATE";
    }
  }

  protected limit({ limit, offset, single }: SelectNode): void {
    if (single) {
      // If the limit is a parameter, SQLite plans the statement again for each value.
      this.sql += " LIMIT 1";
    } else if (limit !== undefined) {
      this.sql += " LIMIT ";
      this.#count(limit.slot, "limit");
    } else if (offset !== undefined && this.capabilities.offsetNeedsLimit) {
      this.sql += " LIMIT -1";
    }
    if (offset !== undefined) {
      this.sql += " OFFSET ";
      this.#count(offset.slot, "offset");
    }
  }

  /**
   * Writes a SELECT after UNION. If it has clauses such as LIMIT that would apply to the whole statement, it is written
   * as a subquery.
   */
  protected unionMember(node: SelectNode): void {
    const whole =
      node.with.length > 0 ||
      node.unions.length > 0 ||
      node.orderBy.length > 0 ||
      node.limit !== undefined ||
      node.offset !== undefined;
    if (whole) this.sql += "SELECT * FROM (";
    this.select(node);
    if (whole) this.sql += `) AS ${this.quote("union")}`;
  }

  #count(slot: number, method: "limit" | "offset"): void {
    this.#counts.set(this.#slots.length, method);
    this.param(slot);
  }

  protected insert(node: InsertNode): void {
    this.#columns.within([createTableNode(node.table)], () => this.#insert(node));
  }

  #insert(node: InsertNode): void {
    const { source } = node;
    this.sql += `INSERT INTO ${this.identifier(node.table)}`;
    const columns = node.columns.map((column) => this.identifier(column)).join(", ");
    if ("kind" in source) {
      this.sql += columns === "" ? " " : ` (${columns}) `;
      this.nested(source.slot, () => this.insertedSelect(source.select, node.conflict !== undefined));
    } else if (columns === "") {
      this.sql += " DEFAULT VALUES";
    } else {
      this.sql += ` (${columns}) VALUES `;
      const targets = node.columns.map((column) => ({ tables: [node.table], column }));
      this.list(source, (rows) => this.rows(rows, targets));
    }
    if (node.conflict !== undefined) this.conflict(node.conflict);
    this.returning(node.returning);
  }

  /** Writes the SELECT of an INSERT ... SELECT. `conflict` is true if ON CONFLICT follows. */
  protected insertedSelect(select: SelectNode, _conflict: boolean): void {
    this.select(select);
  }

  protected rows({ count, slot, raws }: RowsNode, targets: readonly ColumnTarget[]): void {
    const width = targets.length;
    let next = slot;
    for (let cell = 0; cell < count * width; cell++) {
      if (cell % width === 0) this.sql += cell === 0 ? "(" : "), (";
      else this.sql += ", ";
      const raw = raws.get(cell);
      if (raw === undefined) this.param(next++, targets[cell % width]);
      else this.raw(raw);
    }
    this.sql += ")";
  }

  protected conflict({ columns, set }: ConflictNode): void {
    this.sql += " ON CONFLICT";
    if (columns.length > 0) this.sql += ` (${columns.map((column) => this.identifier(column)).join(", ")})`;
    if (set.length === 0) {
      this.sql += " DO NOTHING";
      return;
    }
    this.sql += " DO UPDATE SET ";
    this.list(set, this.assignment);
  }

  protected update(node: UpdateNode): void {
    this.#columns.within([createTableNode(node.table)], () => this.#update(node));
  }

  #update(node: UpdateNode): void {
    this.sql += `UPDATE ${this.identifier(node.table)} SET `;
    this.list(node.set, this.assignment);
    this.where(node.where);
    this.returning(node.returning);
  }

  protected assignment({ column, value }: AssignmentNode): void {
    this.sql += `${this.identifier(column)} = `;
    if (value.kind === "excluded") this.sql += `excluded.${this.identifier(value.column)}`;
    else this.#compared(value, this.target(column));
  }

  protected delete(node: DeleteNode): void {
    this.#columns.within([createTableNode(node.table)], () => this.#delete(node));
  }

  #delete(node: DeleteNode): void {
    this.sql += `DELETE FROM ${this.identifier(node.table)}`;
    this.where(node.where);
    this.returning(node.returning);
  }

  protected returning(columns: readonly ColumnNode[]): void {
    if (columns.length === 0) return;
    this.sql += " RETURNING ";
    this.list(columns, this.selected);
  }

  protected createTable(node: CreateTableNode): void {
    const keys = node.columns.filter((column) => column.primaryKey);
    const lines = node.columns.map((column) => this.columnDefinition(column, keys.length === 1, node.table));
    if (keys.length > 1)
      lines.push(`PRIMARY KEY (${keys.map((column) => this.identifier(column.name)).join(", ")})`);
    this.sql += `CREATE TABLE ${node.ifNotExists ? "IF NOT EXISTS " : ""}${this.identifier(node.table)}`;
    this.sql += ` (${lines.join(", ")})`;
  }

  protected columnDefinition(column: ColumnDefinitionNode, soleKey: boolean, table: string): string {
    let line = `${this.identifier(column.name)} ${this.columnType(column)}`;
    if (column.notNull || column.primaryKey) line += " NOT NULL";
    if (column.primaryKey && soleKey) line += ` PRIMARY KEY${this.autoIncrement(column)}`;
    if (column.unique) line += " UNIQUE";
    if (column.default !== undefined) line += ` DEFAULT ${this.defaultValue(column.default)}`;
    if (column.check !== undefined) line += ` CHECK (${column.check})`;
    if (column.references !== undefined) line += this.reference(column.references, table);
    return line;
  }

  /** The words after PRIMARY KEY in an `autoIncrement` column. */
  protected autoIncrement(_column: ColumnDefinitionNode): string {
    return "";
  }

  /** The reference after a column of `table`. */
  protected reference(node: ReferenceNode, _table: string): string {
    let text = ` REFERENCES ${this.identifier(node.table)} (${this.identifier(node.column)})`;
    if (node.onDelete !== undefined) text += ` ON DELETE ${node.onDelete}`;
    if (node.onUpdate !== undefined) text += ` ON UPDATE ${node.onUpdate}`;
    return text;
  }

  protected dropTable(node: DropTableNode): void {
    this.sql += `DROP TABLE ${node.ifExists ? "IF EXISTS " : ""}${this.identifier(node.table)}`;
  }

  protected alterTable(node: AlterTableNode): void {
    this.sql += `ALTER TABLE ${this.identifier(node.table)} `;
    switch (node.change) {
      case "add-column":
        this.sql += `ADD COLUMN ${this.columnDefinition(node.column, true, node.table)}`;
        break;
      case "drop-column":
        this.sql += `DROP COLUMN ${this.quote(node.name)}`;
        break;
      case "rename-column":
        this.sql += `RENAME COLUMN ${this.quote(node.name)} TO ${this.quote(node.to)}`;
        break;
      case "rename-table":
        this.sql += `RENAME TO ${this.quote(node.to)}`;
        break;
    }
  }

  protected createIndex(node: CreateIndexNode): void {
    this.sql += `CREATE ${node.unique ? "UNIQUE " : ""}INDEX ${node.ifNotExists ? "IF NOT EXISTS " : ""}`;
    this.sql += `${this.quote(node.name)} ON ${this.identifier(node.table)}`;
    this.sql += ` (${node.columns.map((column) => this.quote(column)).join(", ")})`;
  }

  protected dropIndex(node: DropIndexNode): void {
    this.sql += `DROP INDEX ${node.ifExists ? "IF EXISTS " : ""}${this.identifier(node.name)}`;
  }

  protected truncate(node: TruncateNode): void {
    this.sql += `${this.capabilities.truncate ? "TRUNCATE TABLE" : "DELETE FROM"} ${this.identifier(node.table)}`;
  }

  protected where(conditions: readonly ConditionNode[]): void {
    if (conditions.length === 0) return;
    this.sql += " WHERE ";
    this.conditions(conditions, " AND ");
  }

  protected conditions(nodes: readonly ConditionNode[], joiner: string): void {
    for (let index = 0; index < nodes.length; index++) {
      if (index > 0) this.sql += joiner;
      this.condition(nodes[index] as ConditionNode);
    }
  }

  protected condition(node: ConditionNode): void {
    switch (node.kind) {
      case "comparison":
        if (node.operator === "LIKE" || node.operator === "ILIKE") {
          this.like(node.left, node.right, node.operator === "ILIKE");
          break;
        }
        this.expression(node.left);
        this.sql += ` ${node.operator} `;
        this.#compared(node.right, this.targetOf(node.left));
        break;
      case "in":
        if (!("kind" in node.right) && node.right.length === 0) {
          this.sql += node.negated ? "1 = 1" : "1 = 0";
          break;
        }
        this.expression(node.left);
        this.sql += node.negated ? " NOT IN " : " IN ";
        if ("kind" in node.right) this.expression(node.right);
        else this.tuple(node.right, this.targetOf(node.left));
        break;
      case "in-list":
        this.inList(node);
        break;
      case "between":
        this.expression(node.left);
        this.sql += " BETWEEN ";
        this.#compared(node.low, this.targetOf(node.left));
        this.sql += " AND ";
        this.#compared(node.high, this.targetOf(node.left));
        break;
      case "null-check":
        this.expression(node.left);
        this.sql += node.negated ? " IS NOT NULL" : " IS NULL";
        break;
      case "exists":
        this.sql += "EXISTS (";
        this.nested(node.slot, () => this.select(node.select));
        this.sql += ")";
        break;
      case "raw-condition":
        // The parentheses limit an OR in the raw SQL to this condition.
        this.sql += "(";
        this.raw(node.raw);
        this.sql += ")";
        break;
      case "group":
        this.sql += node.joiner === "NOT" ? "NOT (" : "(";
        this.nested(node.slot, () => this.conditions(node.members, node.joiner === "OR" ? " OR " : " AND "));
        this.sql += ")";
        break;
    }
  }

  /** Writes an IN condition whose array is one parameter. */
  protected abstract inList(node: InListNode): void;

  protected like(left: ExpressionNode, right: ExpressionNode, anyCase: boolean): void {
    const fold = anyCase && !this.capabilities.ilike;
    if (fold) this.sql += "lower(";
    this.expression(left);
    this.sql += fold ? ") LIKE lower(" : anyCase ? " ILIKE " : " LIKE ";
    this.expression(right);
    this.sql += fold ? ") ESCAPE '\\'" : " ESCAPE '\\'";
  }

  protected expression(node: ExpressionNode): void {
    switch (node.kind) {
      case "column":
        this.sql += this.column(node.name);
        break;
      case "param":
        this.param(node.slot);
        break;
      case "raw":
        this.raw(node);
        break;
      case "aggregate":
        this.aggregate(node);
        break;
      case "subquery":
        this.sql += "(";
        this.nested(node.slot, () => this.select(node.select));
        this.sql += ")";
        break;
    }
  }

  /** An expression of SELECT or RETURNING, with its alias. */
  protected selected(node: ExpressionNode): void {
    this.expression(node);
    if ("alias" in node && node.alias !== undefined) this.sql += ` AS ${this.quote(node.alias)}`;
  }

  protected aggregate(node: AggregateNode): void {
    const column = node.column === undefined ? "*" : this.column(node.column);
    this.sql += `${node.name}(${node.distinct ? "DISTINCT " : ""}${column})`;
  }

  protected raw(node: RawNode): void {
    for (let index = 0; index < node.segments.length; index++) {
      if (index > 0) this.param(node.slot + index - 1);
      this.sql += node.segments[index] as string;
    }
  }

  protected order(node: OrderNode): void {
    this.expression(node.operand);
    this.sql += ` ${node.direction}`;
    const usual = node.direction === "ASC" ? "LAST" : "FIRST";
    const nulls = node.nulls ?? (this.capabilities.nullsAreGreatest ? undefined : usual);
    if (nulls !== undefined) this.sql += ` NULLS ${nulls}`;
  }

  protected table(node: TableNode | DerivedTableNode): void {
    if (node.kind === "table") {
      this.sql += this.identifier(node.name);
    } else {
      this.sql += "(";
      this.nested(node.slot, () => this.select(node.select));
      this.sql += ")";
    }
    if (node.alias !== undefined) this.sql += ` AS ${this.quote(node.alias)}`;
  }

  protected tuple(nodes: readonly ExpressionNode[], target: ColumnTarget | undefined): void {
    this.sql += "(";
    this.list(nodes, (node) => this.#compared(node, target));
    this.sql += ")";
  }

  /** An expression that is compared with a column. */
  #compared(node: ExpressionNode, target: ColumnTarget | undefined): void {
    if (node.kind === "param") this.param(node.slot, target);
    else this.expression(node);
  }

  /** The column of an expression. The types of the values that are compared with it depend on the column. */
  protected targetOf(node: ExpressionNode): ColumnTarget | undefined {
    return node.kind === "column" ? this.target(node.name) : undefined;
  }

  /** The tables that may contain the column. */
  protected target(name: string): ColumnTarget | undefined {
    return this.#columns.find(name);
  }

  protected defaultValue(value: DefaultValue): string {
    return "sql" in value ? `(${value.sql})` : this.literal(value.value);
  }

  /** The placeholder of a value; `target` is the column that it is written to or compared with. */
  protected param(slot: number, target?: ColumnTarget): void {
    this.#targets.push(target);
    this.sql += this.placeholder(this.#slots.push(this.#base + slot));
  }

  /** Writes a node that counts its slots from 0; `slot` is its first slot in the outer node. */
  protected nested(slot: number, write: () => void): void {
    const base = this.#base;
    this.#base += slot;
    write();
    this.#base = base;
  }

  /** A name with dots, each part in quotes. */
  protected identifier(name: string): string {
    return name.includes(".")
      ? name
          .split(".")
          .map((part) => this.quote(part))
          .join(".")
      : this.quote(name);
  }

  /** Works like `identifier`, but does not quote `*` at the end, which means all columns of a table. */
  protected column(name: string): string {
    if (name === "*") return name;
    return name.endsWith(".*") ? `${this.identifier(name.slice(0, -2))}.*` : this.identifier(name);
  }

  protected list<Item>(items: readonly Item[], write: (this: this, item: Item) => void): void {
    for (let index = 0; index < items.length; index++) {
      if (index > 0) this.sql += ", ";
      write.call(this, items[index] as Item);
    }
  }

  protected unsupported(what: string, instead: string): UnsupportedError {
    return new UnsupportedError(`The dialect "${this.dialect}" has no ${what}; ${instead}.`);
  }
}

function isPlain({ source, conflict }: InsertNode): boolean {
  return conflict === undefined && Array.isArray(source) && source.every((rows) => rows.raws.size === 0);
}

function isExtreme(node: ExpressionNode): node is AggregateNode & { readonly column: string } {
  return (
    node.kind === "aggregate" && (node.name === "min" || node.name === "max") && node.column !== undefined
  );
}

function accessOf(node: StatementNode): Access {
  switch (node.kind) {
    case "select":
      // A raw expression may call a function that writes.
      return "read-or-write";
    case "insert":
    case "update":
    case "delete":
      return "write";
    default:
      return "schema";
  }
}
