const pair = /([?&][^=&#?]*=)([^&#?]*)/g;
const secretName = /token|secret|password|key|auth|code|session/i;

/** Hides the values in a query whose names look secret. */
export function maskTokens(url: string): string {
  if (!url.includes("?")) return url;
  return url.replace(pair, (whole, name: string) => (secretName.test(name) ? `${name}***` : whole));
}
