/** A file to begin with, for programs that make new ones. */
export interface FileTemplate {
  /** Its name, with the folder of the service that it belongs into: `db.ts`, `http/page.html.tsx`. */
  readonly name: string;
  /** The purpose of such a file, in a few words. */
  readonly about: string;
  /** Its content, which compiles unchanged. */
  readonly text: string;
}
