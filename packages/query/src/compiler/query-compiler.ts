import type { ConditionNode } from "../ast/condition-node.js";
import type { ColumnNode, ExpressionNode, RawNode, ValueNode } from "../ast/expression-node.js";
import type { OrderNode, SelectNode, TableNode } from "../ast/select-node.js";
import type { StatementNode } from "../ast/statement-node.js";
import type {
  ColumnDefinitionNode,
  CreateTableNode,
  DropTableNode,
  ReferenceNode,
} from "../ast/table-nodes.js";
import type { DeleteNode, InsertNode, UpdateNode } from "../ast/write-nodes.js";
import { QueryArgumentError } from "../errors.js";
import type { Parameter } from "../values/parameter.js";
import type { Capabilities } from "./capabilities.js";
import type { CompiledQuery } from "./compiled-query.js";

/**
 * Writes a tree as SQL. One object compiles one statement, then is thrown away.
 * This class is the SQL that the dialects share; a dialect overrides only what differs.
 */
export abstract class QueryCompiler {
  protected abstract readonly capabilities: Capabilities;
  protected sql: string = "";
  readonly #params: Parameter[] = [];

  compile(node: StatementNode): CompiledQuery {
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
    }
    return { sql: this.sql, params: this.#params };
  }

  /** One part of a name, in quotes that make an unknown name an error. */
  protected abstract quote(name: string): string;

  /** The placeholder of the parameter with this number, counted from 1. */
  protected abstract placeholder(position: number): string;

  /** The declared type of a column, with what makes it count by itself. */
  protected abstract columnType(column: ColumnDefinitionNode): string;

  /** A value as SQL text, for the places that take no parameters. */
  protected abstract literal(value: Parameter): string;

  protected select(node: SelectNode): void {
    this.sql += node.distinct ? "SELECT DISTINCT " : "SELECT ";
    if (node.columns.length === 0) this.sql += "*";
    else this.list(node.columns, this.expression);
    if (node.from !== undefined) {
      this.sql += " FROM ";
      this.table(node.from);
    }
    for (const join of node.joins) {
      this.sql += ` ${join.type} JOIN `;
      this.table(join.table);
      this.sql += " ON ";
      this.conditions(join.on, " AND ");
    }
    this.where(node.where);
    if (node.groupBy.length > 0) {
      this.sql += " GROUP BY ";
      this.list(node.groupBy, this.expression);
    }
    if (node.orderBy.length > 0) {
      this.sql += " ORDER BY ";
      this.list(node.orderBy, this.order);
    }
    this.limit(node.limit, node.offset);
  }

  protected limit(limit: number | undefined, offset: number | undefined): void {
    if (limit !== undefined) {
      this.sql += " LIMIT ";
      this.param(limit);
    } else if (offset !== undefined && this.capabilities.offsetNeedsLimit) {
      this.sql += " LIMIT -1";
    }
    if (offset !== undefined) {
      this.sql += " OFFSET ";
      this.param(offset);
    }
  }

  protected insert(node: InsertNode): void {
    this.sql += `INSERT INTO ${this.identifier(node.table)}`;
    if (node.columns.length === 0) {
      this.sql += " DEFAULT VALUES";
    } else {
      this.sql += ` (${node.columns.map((column) => this.identifier(column)).join(", ")}) VALUES `;
      this.list(node.rows, this.tuple);
    }
    this.returning(node.returning);
  }

  protected update(node: UpdateNode): void {
    this.sql += `UPDATE ${this.identifier(node.table)} SET `;
    this.list(node.set, (assignment) => {
      this.sql += `${this.identifier(assignment.column)} = `;
      this.expression(assignment.value);
    });
    this.where(node.where);
    this.returning(node.returning);
  }

  protected delete(node: DeleteNode): void {
    this.sql += `DELETE FROM ${this.identifier(node.table)}`;
    this.where(node.where);
    this.returning(node.returning);
  }

  protected returning(columns: readonly ColumnNode[]): void {
    if (columns.length === 0) return;
    if (!this.capabilities.returning) {
      throw new QueryArgumentError(
        "This dialect has no RETURNING; leave out returning() and select the row.",
      );
    }
    this.sql += " RETURNING ";
    this.list(columns, this.expression);
  }

  protected createTable(node: CreateTableNode): void {
    const keys = node.columns.filter((column) => column.primaryKey);
    const lines = node.columns.map((column) => this.columnDefinition(column, keys.length === 1));
    if (keys.length > 1)
      lines.push(`PRIMARY KEY (${keys.map((column) => this.identifier(column.name)).join(", ")})`);
    this.sql += `CREATE TABLE ${node.ifNotExists ? "IF NOT EXISTS " : ""}${this.identifier(node.table)}`;
    this.sql += ` (${lines.join(", ")})`;
  }

  protected columnDefinition(column: ColumnDefinitionNode, soleKey: boolean): string {
    let line = `${this.identifier(column.name)} ${this.columnType(column)}`;
    if (column.notNull || column.primaryKey) line += " NOT NULL";
    if (column.primaryKey && soleKey) line += ` PRIMARY KEY${this.autoIncrement(column)}`;
    if (column.unique) line += " UNIQUE";
    if (column.default !== undefined) line += ` DEFAULT ${this.defaultValue(column.default)}`;
    if (column.references !== undefined) line += this.reference(column.references);
    return line;
  }

  /** What follows PRIMARY KEY in a column that counts by itself. */
  protected autoIncrement(_column: ColumnDefinitionNode): string {
    return "";
  }

  protected reference(node: ReferenceNode): string {
    let text = ` REFERENCES ${this.identifier(node.table)} (${this.identifier(node.column)})`;
    if (node.onDelete !== undefined) text += ` ON DELETE ${node.onDelete}`;
    if (node.onUpdate !== undefined) text += ` ON UPDATE ${node.onUpdate}`;
    return text;
  }

  protected dropTable(node: DropTableNode): void {
    this.sql += `DROP TABLE ${node.ifExists ? "IF EXISTS " : ""}${this.identifier(node.table)}`;
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
        this.expression(node.left);
        this.sql += ` ${node.operator} `;
        this.expression(node.right);
        if (node.operator === "LIKE") this.sql += " ESCAPE '\\'";
        break;
      case "in":
        if (node.values.length === 0) {
          this.sql += node.negated ? "1 = 1" : "1 = 0";
          break;
        }
        this.expression(node.left);
        this.sql += node.negated ? " NOT IN " : " IN ";
        this.tuple(node.values);
        break;
      case "between":
        this.expression(node.left);
        this.sql += " BETWEEN ";
        this.expression(node.low);
        this.sql += " AND ";
        this.expression(node.high);
        break;
      case "null-check":
        this.expression(node.left);
        this.sql += node.negated ? " IS NOT NULL" : " IS NULL";
        break;
      case "group":
        this.sql += "(";
        this.conditions(node.members, ` ${node.joiner} `);
        this.sql += ")";
        break;
    }
  }

  protected expression(node: ExpressionNode): void {
    switch (node.kind) {
      case "column":
        this.sql += this.column(node.name);
        break;
      case "value":
        this.param(node.value);
        break;
      case "raw":
        this.raw(node);
        break;
    }
  }

  protected raw(node: RawNode): void {
    for (let index = 0; index < node.segments.length; index++) {
      if (index > 0) this.param(node.params[index - 1] as Parameter);
      this.sql += node.segments[index] as string;
    }
  }

  protected order(node: OrderNode): void {
    this.expression(node.operand);
    this.sql += ` ${node.direction}`;
    if (node.nulls !== undefined) this.sql += ` NULLS ${node.nulls}`;
  }

  protected table(node: TableNode): void {
    this.sql += this.identifier(node.name);
    if (node.alias !== undefined) this.sql += ` AS ${this.quote(node.alias)}`;
  }

  protected tuple(nodes: readonly ExpressionNode[]): void {
    this.sql += "(";
    this.list(nodes, this.expression);
    this.sql += ")";
  }

  protected defaultValue(node: ValueNode | RawNode): string {
    if (node.kind === "value") return this.literal(node.value);
    if (node.params.length > 0) {
      throw new QueryArgumentError(
        "A default in raw SQL cannot have parameters; write the value in its text.",
      );
    }
    return `(${node.segments.join("")})`;
  }

  protected param(value: Parameter): void {
    this.sql += this.placeholder(this.#params.push(value));
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

  /** As `identifier`, and a last part of `*` stays bare: every column of a table. */
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
}
