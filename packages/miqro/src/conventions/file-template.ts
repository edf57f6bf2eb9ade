/** A template of a new file, for programs that create files. */
export interface FileTemplate {
  /** Its path in the folder of the service: `db.ts`, `http/page.html.tsx`. */
  readonly name: string;
  /** The purpose of such a file, in a few words. */
  readonly about: string;
  /** Its content, which compiles unchanged. */
  readonly text: string;
}
