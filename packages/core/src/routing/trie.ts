import type { Pattern } from "./pattern.js";

/** A node of the trie of patterns. `Entry` is what a pattern leads to. */
export interface TrieNode<Entry> {
  readonly id: number;
  fixed: Map<string, TrieNode<Entry>> | undefined;
  param: TrieNode<Entry> | undefined;
  tail: TrieNode<Entry> | undefined;
  /** Whether it stays live whatever follows: the node of a wildcard. */
  readonly isTail: boolean;
  readonly entries: Entry[];
}

/** The set of nodes that are live after some segments. */
export interface TrieState<Entry, Memo> {
  readonly nodes: readonly TrieNode<Entry>[];
  next: Map<string, TrieState<Entry, Memo>> | undefined;
  other: TrieState<Entry, Memo> | undefined;
  /** What the owner of the trie keeps for paths that end here. */
  memo: Memo | undefined;
}

/**
 * A trie over path segments, matched like a finite automaton whose deterministic states are made on first use. Each
 * segment costs one look-up, however many patterns there are. Only segments that some pattern names make states, and
 * when there is no more room all states are dropped and made again as they are asked for: no path, however made, takes
 * memory, or slows down others for longer than a moment.
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
   * @param room How many live nodes all kept states may hold together. By default enough for patterns that hardly
   * overlap, however many there are, and for some thousand states beyond that.
   * @param fold What makes segments equal that differ, such as their case.
   */
  constructor(room?: number, fold: (text: string) => string = (text) => text) {
    this.#room = room;
    this.#fold = fold;
    this.#root = this.#createNode(false);
  }

  /** How many states are kept. */
  get stateCount(): number {
    return this.#states.size;
  }

  /** How many live nodes these hold together. */
  get size(): number {
    return this.#size;
  }

  /** The node of a pattern, or of everything at and below it. To be used before the first match only. */
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
