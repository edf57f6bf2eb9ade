/** The kind of a file or folder that the editor does not show. */
export type Forbidden = "hidden" | "secret" | "database";

const hidden = new Set([".git", ".hg", ".svn", ".jj", "node_modules"]);
// The short names that Windows gives to these folders.
const hiddenShort = /^(?:git|node_m)~\d+$/;
const secretFolders = new Set([".ssh", ".gnupg", ".aws", ".kube", ".docker"]);
const secret =
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|\.(?:pem|key|p8|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$|^\.(?:npmrc|netrc|pgpass|htpasswd|yarnrc\.yml|git-credentials)$|^\.env(?:\..+)?$|\.env$/;
const sample = /\.(?:example|sample|template|dist)$/;
const database = /\.(?:sqlite|sqlite3|db|db3|mdb|rdb)(?:-\w+)?$/;

/**
 * Why a path is not shown, by the names of its folders and its own; undefined when it may be shown. Names count as a
 * file system that ignores case, width or invisible characters would read them.
 */
export function whyForbidden(segments: readonly string[]): Forbidden | undefined {
  const names = segments.map(fold);
  if (names.some((name) => hidden.has(name) || hiddenShort.test(name))) return "hidden";
  if (names.slice(0, -1).some((name) => secretFolders.has(name))) return "secret";
  const last = names.at(-1) ?? "";
  if (secretFolders.has(last) || (secret.test(last) && !sample.test(last))) return "secret";
  return database.test(last) ? "database" : undefined;
}

/** The one spelling of a name, without the characters that file systems ignore. */
function fold(name: string): string {
  return (
    name
      .normalize("NFKC")
      .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
      // The dotless i has no lower case of its own.
      .toUpperCase()
      .toLowerCase()
      // A stream of NTFS, and what Windows cuts off.
      .replace(/:.*$/, "")
      .replace(/[. ]+$/, "")
  );
}
