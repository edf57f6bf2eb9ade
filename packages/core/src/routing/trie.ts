import type { Pattern } from "./pattern.js";

/** A node of the trie of patterns. A pattern leads to `Entry`. */
export interface TrieNode<Entry> {
  readonly id: number;
  fixed: Map<string, TrieNode<Entry>> | undefined;
  param: TrieNode<Entry> | undefined;
  tail: TrieNode<Entry> | undefined;
  /** Whether the node stays live for all further segments: the node of a wildcard. */
  readonly isTail: boolean;
  readonly entries: Entry[];
}

/** The set of nodes that are live after some segments. */
export interface TrieState<Entry, Memo> {
  readonly nodes: readonly TrieNode<Entry>[];
  next: Map<string, TrieState<Entry, Memo>> | undefined;
  other: TrieState<Entry, Memo> | undefined;
  /** The owner of the trie stores its result for paths that end here. */
  memo: Memo | undefined;
}

/**
 * A trie over path segments. It is matched like a finite automaton whose deterministic states are made on first use.
 * Each segment costs one look-up, for any number of patterns. Only segments that occur in a pattern create states. If
 * there is no room for more states, all states are dropped and created again when they are needed. So requests for many
 * paths can neither use up the memory nor slow down other requests for longer than a moment.
 */
export class SegmentTrie<Entry, Memo> {
  readonly #room: number | undefined;
  readonly #fold: (text: string) => string;
  readonly #root: TrieNode<Entry>;
  readonly #states = new Map<string, TrieState<Entry, Memo>>();
  #start: TrieState<Entry, Memo> | undefined;
  #nodeCount = 0;
  #size = 0;

  /**
   * @param room The number of live nodes that all stored states may have together. The default is enough for any number
   * of patterns that hardly overlap, and for some thousand states beyond that.
   * @param fold Makes different segments equal, for example segments that differ in case.
   */
  constructor(room?: number, fold: (text: string) => string = (text) => text) {
    this.#room = room;
    this.#fold = fold;
    this.#root = this.#createNode(false);
  }

  /** The number of stored states. */
  get stateCount(): number {
    return this.#states.size;
  }

  /** The number of live nodes in all states. */
  get size(): number {
    return this.#size;
  }

  /** Returns the node of a pattern, or of all paths at and below it. Call it only before the first match. */
  insert(pattern: Pattern, below = false): TrieNode<Entry> {
    let node = this.#root;
    for (const token of pattern) {
      if (token.kind === "static") {
        const text = this.#fold(token.text);
        let child: TrieNode<Entry> | undefined = node.fixed?.get(text);
        if (child === undefined) {
          child = this.#createNode(false);
          node.fixed ??= new Map();
          node.fixed.set(text, child);
        }
        node = child;
      } else if (token.kind === "param") {
        node.param ??= this.#createNode(false);
        node = node.param;
      } else {
        node.tail ??= this.#createNode(true);
        node = node.tail;
      }
    }
    if (!below || node.isTail) return node;
    node.tail ??= this.#createNode(true);
    return node.tail;
  }

  /** Matches a normalised path such as `/users/7`. */
  matchPath(path: string): TrieState<Entry, Memo> {
    let state = this.#first();
    if (path.length === 1) return state;
    let from = 1;
    for (;;) {
      const to = path.indexOf("/", from);
      if (to === -1) return this.#follow(state, path.slice(from));
      state = this.#follow(state, path.slice(from, to));
      from = to + 1;
    }
  }

  /** Matches segments. */
  matchSegments(segments: readonly string[]): TrieState<Entry, Memo> {
    let state = this.#first();
    for (const segment of segments) state = this.#follow(state, segment);
    return state;
  }

  #first(): TrieState<Entry, Memo> {
    this.#start ??= this.#toState(withTails([this.#root]));
    return this.#start;
  }

  #follow(state: TrieState<Entry, Memo>, segment: string): TrieState<Entry, Memo> {
    const known = state.next?.get(segment);
    if (known !== undefined) return known;
    if (state.nodes.some((node) => node.fixed?.has(segment))) {
      const next = this.#toState(step(state.nodes, segment));
      state.next ??= new Map();
      state.next.set(segment, next);
      return next;
    }
    state.other ??= this.#toState(step(state.nodes, undefined));
    return state.other;
  }

  #toState(nodes: readonly TrieNode<Entry>[]): TrieState<Entry, Memo> {
    const key = toKey(nodes);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const size = nodes.length + 1;
    if (this.#size + size > (this.#room ?? 50_000 + 16 * this.#nodeCount)) {
      this.#states.clear();
      this.#start = undefined;
      this.#size = 0;
    }
    const state: TrieState<Entry, Memo> = { nodes, next: undefined, other: undefined, memo: undefined };
    this.#states.set(key, state);
    this.#size += size;
    return state;
  }

  #createNode(isTail: boolean): TrieNode<Entry> {
    return {
      id: this.#nodeCount++,
      fixed: undefined,
      param: undefined,
      tail: undefined,
      isTail,
      entries: [],
    };
  }
}

function step<Entry>(nodes: readonly TrieNode<Entry>[], segment: string | undefined): TrieNode<Entry>[] {
  const next: TrieNode<Entry>[] = [];
  for (const node of nodes) {
    if (node.isTail) {
      next.push(node);
      continue;
    }
    const fixed = segment === undefined ? undefined : node.fixed?.get(segment);
    if (fixed !== undefined) next.push(fixed);
    if (node.param !== undefined) next.push(node.param);
  }
  return withTails(next);
}

// A wildcard also matches nothing, so its node is live together with its parent.
function withTails<Entry>(nodes: TrieNode<Entry>[]): TrieNode<Entry>[] {
  const all = new Set(nodes);
  for (const node of nodes) if (node.tail !== undefined) all.add(node.tail);
  return [...all];
}

function toKey<Entry>(nodes: readonly TrieNode<Entry>[]): string {
  return nodes
    .map((node) => node.id)
    .sort((a, b) => a - b)
    .join(",");
}
