import type { Pattern } from "./pattern.js";

/** A node of the trie of patterns. `Entry` is what a pattern leads to. */
export interface TrieNode<Entry> {
  readonly id: number;
  readonly fixed: Map<string, TrieNode<Entry>>;
  param: TrieNode<Entry> | undefined;
  tail: TrieNode<Entry> | undefined;
  /** Whether it stays live whatever follows: the node of a wildcard. */
  readonly isTail: boolean;
  readonly entries: Entry[];
}

/** The set of nodes that are live after some segments. */
export interface TrieState<Entry, Memo> {
  readonly nodes: readonly TrieNode<Entry>[];
  readonly next: Map<string, TrieState<Entry, Memo>>;
  other: TrieState<Entry, Memo> | undefined;
  /** What the owner of the trie keeps for paths that end here. */
  memo: Memo | undefined;
}

/**
 * A trie over path segments, matched like a finite automaton whose deterministic states are made on first use. Each
 * segment costs one look-up, however many patterns there are. Only segments that some pattern names make states, and
 * beyond the limit states are computed and thrown away, so that no path, however made, takes memory.
 */
export class SegmentTrie<Entry, Memo> {
  readonly #stateLimit: number;
  readonly #fold: (text: string) => string;
  readonly #root: TrieNode<Entry>;
  readonly #states = new Map<string, TrieState<Entry, Memo>>();
  #start: TrieState<Entry, Memo> | undefined;
  #nodeCount = 0;

  /**
   * @param stateLimit How many states are kept.
   * @param fold What makes segments equal that differ, such as their case.
   */
  constructor(stateLimit = 10_000, fold: (text: string) => string = (text) => text) {
    this.#stateLimit = stateLimit;
    this.#fold = fold;
    this.#root = this.#createNode(false);
  }

  /** How many states are kept. */
  get stateCount(): number {
    return this.#states.size;
  }

  /** The node of a pattern, or of everything at and below it. To be used before the first match only. */
  insert(pattern: Pattern, below = false): TrieNode<Entry> {
    let node = this.#root;
    for (const token of pattern) {
      if (token.kind === "static") {
        const text = this.#fold(token.text);
        let child = node.fixed.get(text);
        if (child === undefined) {
          child = this.#createNode(false);
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
    const known = state.next.get(segment);
    if (known !== undefined) return known;
    if (state.nodes.some((node) => node.fixed.has(segment))) {
      const next = this.#toState(step(state.nodes, segment));
      if (this.#isKept(state) && this.#isKept(next)) state.next.set(segment, next);
      return next;
    }
    if (state.other !== undefined) return state.other;
    const other = this.#toState(step(state.nodes, undefined));
    if (this.#isKept(state) && this.#isKept(other)) state.other = other;
    return other;
  }

  #toState(nodes: readonly TrieNode<Entry>[]): TrieState<Entry, Memo> {
    const key = toKey(nodes);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state: TrieState<Entry, Memo> = { nodes, next: new Map(), other: undefined, memo: undefined };
    if (this.#states.size < this.#stateLimit) this.#states.set(key, state);
    return state;
  }

  #isKept(state: TrieState<Entry, Memo>): boolean {
    return this.#states.size < this.#stateLimit || this.#states.get(toKey(state.nodes)) === state;
  }

  #createNode(isTail: boolean): TrieNode<Entry> {
    return {
      id: this.#nodeCount++,
      fixed: new Map(),
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
    const fixed = segment === undefined ? undefined : node.fixed.get(segment);
    if (fixed !== undefined) next.push(fixed);
    if (node.param !== undefined) next.push(node.param);
  }
  return withTails(next);
}

// A wildcard also stands for nothing, so it is live together with the node that it hangs on.
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
