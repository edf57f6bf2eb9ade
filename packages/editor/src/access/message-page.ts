/** A page with a message. With `next`, it loads another page after the message. The strings are not escaped. */
export function messagePage(title: string, text: string, next?: string): string {
  const refresh = next === undefined ? "" : `<meta http-equiv="refresh" content="0; url=${next}">`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">${refresh}<title>${title}</title>
<meta name="color-scheme" content="light dark"></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`;
}
