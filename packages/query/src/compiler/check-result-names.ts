import type { ExpressionNode } from "../ast/expression-node.js";
import { splitName } from "../builder/split-name.js";
import { QueryArgumentError } from "../errors.js";

/** The columns of a result by name: a row would keep only the last of two values with one name. */
export function checkResultNames(nodes: readonly ExpressionNode[]): void {
  if (nodes.length < 2) return;
  const known = new Map<string, ExpressionNode>();
  for (const node of nodes) {
    const name = nameOf(node);
    const other = name === undefined ? undefined : known.get(name);
    if (name === undefined || other === undefined) {
      if (name !== undefined) known.set(name, node);
    } else if (!mayBeEqual(node, other)) {
      throw new QueryArgumentError(
        `Two columns of the result are named ${JSON.stringify(name)}: ${describe(other)} and ${describe(node)}. A row holds ` +
          `one of them; give the other an alias, such as ${JSON.stringify(`${describe(node)} as other`)}.`,
      );
    }
  }
}

/** The name in the row; undefined where only the database knows it. */
function nameOf(node: ExpressionNode): string | undefined {
  if ("alias" in node && node.alias !== undefined) return node.alias;
  if (node.kind !== "column") return undefined;
  const { name } = splitName(node.name);
  return name === "*" ? undefined : name;
}

/** Whether both can be the same column: `id` and `posts.id`. */
function mayBeEqual(one: ExpressionNode, other: ExpressionNode): boolean {
  if (one.kind !== "column" || other.kind !== "column") return false;
  const [left, right] = [splitName(one.name), splitName(other.name)];
  const oneTable = left.schema === undefined || right.schema === undefined || left.schema === right.schema;
  return oneTable && left.name === right.name;
}

function describe(node: ExpressionNode): string {
  if (node.kind === "column") return node.name;
  return node.kind === "aggregate" ? `${node.name}(${node.column ?? "*"})` : "an expression";
}
