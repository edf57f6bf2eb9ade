/**
 * Parses an array of PostgreSQL, such as `{1,NULL,"a b"}`, with any number of dimensions. `read` converts an element.
 * Without it, elements stay strings.
 */
export function readPgArray(text: string, read: ((text: string) => unknown) | undefined): unknown[] {
  // If the bounds of an array do not begin with 1, they are written before it: [0:2]={1,2,3}.
  let at = text.indexOf("{") + 1;
  return readItems();

  function readItems(): unknown[] {
    const items: unknown[] = [];
    while (at < text.length) {
      const sign = text[at];
      if (sign === "}") {
        at++;
        return items;
      }
      if (sign === ",") at++;
      else if (sign === "{") {
        at++;
        items.push(readItems());
      } else if (sign === '"') items.push(toValue(readQuoted()));
      else {
        const begin = at;
        while (text[at] !== "," && text[at] !== "}" && at < text.length) at++;
        const item = text.slice(begin, at);
        items.push(item === "NULL" ? null : toValue(item));
      }
    }
    return items;
  }

  function readQuoted(): string {
    let item = "";
    let begin = ++at;
    for (; at < text.length && text[at] !== '"'; at++) {
      if (text[at] !== "\\") continue;
      item += text.slice(begin, at++);
      begin = at;
    }
    return item + text.slice(begin, at++);
  }

  function toValue(item: string): unknown {
    return read === undefined ? item : read(item);
  }
}
