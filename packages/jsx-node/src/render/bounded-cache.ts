// Names can come from data, so the cache must not grow with them.
const maxEntries = 1000;
const recentSlots = 256;

interface Recent<Entry> {
  readonly name: string;
  readonly entry: Entry;
}

/** Caches the results for the first names that come. */
export function createBoundedCache<Entry>(create: (name: string) => Entry): (name: string) => Entry {
  const entries = new Map<string, Entry>();
  // A page uses few names over and over. Comparing one entry takes a third of the time of a map.
  const recent: (Recent<Entry> | undefined)[] = new Array(recentSlots).fill(undefined);

  function find(name: string, slot: number): Entry {
    let entry = entries.get(name);
    if (entry === undefined) {
      entry = create(name);
      if (entries.size < maxEntries) entries.set(name, entry);
    }
    recent[slot] = { name, entry };
    return entry;
  }

  return (name) => {
    const slot = (name.length * 31 + name.charCodeAt(0) * 7 + name.charCodeAt(name.length - 1)) & 255;
    const known = recent[slot];
    return known !== undefined && known.name === name ? known.entry : find(name, slot);
  };
}
