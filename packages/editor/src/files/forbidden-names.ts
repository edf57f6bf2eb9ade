/** The reason why the editor does not show a file or a folder. */
export type Forbidden = "hidden" | "secret" | "database";

const hidden = new Set([".git", ".hg", ".svn", ".jj", "node_modules"]);
// Matches the short names of these folders on Windows.
const hiddenShort = /^(?:git|node_m)~\d+$/;
const secretFolders = new Set([".ssh", ".gnupg", ".aws", ".kube", ".docker"]);
const secret =
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|\.(?:pem|key|p8|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$|^\.(?:npmrc|netrc|pgpass|htpasswd|yarnrc\.yml|git-credentials)$|^\.env(?:\..+)?$|\.env$/;
const sample = /\.(?:example|sample|template|dist)$/;
const database = /\.(?:sqlite|sqlite3|db|db3|mdb|rdb)(?:-\w+)?$/;

/**
 * Returns why a path is not shown, or undefined if it may be shown. Every name in the path is checked. Case, width and
 * invisible characters are ignored, because some file systems ignore them.
 */
export function whyForbidden(segments: readonly string[]): Forbidden | undefined {
  const names = segments.map(fold);
  if (names.some((name) => hidden.has(name) || hiddenShort.test(name))) return "hidden";
  if (names.slice(0, -1).some((name) => secretFolders.has(name))) return "secret";
  const last = names.at(-1) ?? "";
  if (secretFolders.has(last) || (secret.test(last) && !sample.test(last))) return "secret";
  return database.test(last) ? "database" : undefined;
}

/** Normalizes a name: removes the differences that some file systems ignore. */
function fold(name: string): string {
  return (
    name
      .normalize("NFKC")
      .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
      // Converts to upper case first, because the dotless i stays different in lower case.
      .toUpperCase()
      .toLowerCase()
      // Removes the name of an NTFS stream, and the characters that Windows removes at the end.
      .replace(/:.*$/, "")
      .replace(/[. ]+$/, "")
  );
}
