import type { SelectNode } from "./select-node.js";
import type { SchemaNode } from "./table-nodes.js";
import type { DeleteNode, InsertNode, UpdateNode } from "./write-nodes.js";

/** The root of a tree of nodes. The compiler writes it as SQL. */
export type StatementNode = SelectNode | InsertNode | UpdateNode | DeleteNode | SchemaNode;
