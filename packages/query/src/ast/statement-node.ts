import type { SelectNode } from "./select-node.js";
import type { SchemaNode } from "./table-nodes.js";
import type { DeleteNode, InsertNode, UpdateNode } from "./write-nodes.js";

/** The root of every tree that a compiler takes. */
export type StatementNode = SelectNode | InsertNode | UpdateNode | DeleteNode | SchemaNode;
