const links = new Map<string, string>();

/** Keeps a link, and returns its id. The same link has one id. */
export function addLink(url: string): string {
  for (const [id, known] of links) if (known === url) return id;
  const id = (links.size + 1).toString(36);
  links.set(id, url);
  return id;
}

/** The link of an id. */
export function findLink(id: string): string | undefined {
  return links.get(id);
}

/** All links by their ids. */
export function listLinks(): Readonly<Record<string, string>> {
  return Object.fromEntries(links);
}
