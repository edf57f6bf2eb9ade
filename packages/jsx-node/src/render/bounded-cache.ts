// Names can come from data: the cache must not grow with them.
const maxEntries = 1000;

/** Keeps what is made for a name, for the first names that come. */
export function createBoundedCache<Entry>(create: (name: string) => Entry): (name: string) => Entry {
  const entries = new Map<string, Entry>();
  return (name) => {
    let entry = entries.get(name);
    if (entry === undefined) {
      entry = create(name);
      if (entries.size < maxEntries) entries.set(name, entry);
    }
    return entry;
  };
}
