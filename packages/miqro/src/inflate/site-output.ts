/** The changes of an inflate to the existing files. */
export interface OutputCounts {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** The destination of the files of a static site. */
export interface SiteOutput {
  /**
   * Takes a file.
   * @param name - its path, with `/` between the names
   */
  add(name: string, body: Buffer): void;
  /** Takes a file of the disk unchanged. */
  copy(name: string, from: string): Promise<void>;
  /** The problems that keep the files from being written, in full sentences. */
  readonly problems: readonly string[];
  /** Puts all files to their places. */
  commit(): Promise<OutputCounts>;
  /** Leaves everything as it was. */
  abandon(): void;
}
