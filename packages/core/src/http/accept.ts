/** Whether a client that sent this `Accept` would rather read text than JSON. Without one, or in doubt: no. */
export function prefersText(accept: string | undefined): boolean {
  if (accept === undefined || accept === "" || accept === "*/*") return false;
  let text = 0;
  let json = 0;
  for (const range of accept.split(",")) {
    const [name = "", ...parameters] = range.split(";");
    const type = name.trim().toLowerCase();
    const quality = readQuality(parameters);
    if (type === "text/plain" || type === "text/html" || type === "text/*") text = Math.max(text, quality);
    else if (type === "application/problem+json" || type === "application/json")
      json = Math.max(json, quality);
    else if (type === "*/*" || type === "application/*") json = Math.max(json, Math.min(quality, 0.9));
  }
  return text > json;
}

function readQuality(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const match = /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter);
    if (match !== null) return Math.min(1, Number(match[1]) || 0);
  }
  return 1;
}
