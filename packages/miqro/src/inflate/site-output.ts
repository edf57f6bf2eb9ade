/** The changes of existing files by an inflate. */
export interface OutputCounts {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** The destination of the files of a static site. */
export interface SiteOutput {
  /**
   * Adds a file.
   * @param name - its path, with `/` between the names
   */
  add(name: string, body: Buffer): void;
  /** Adds a file of the disk unchanged. */
  copy(name: string, from: string): Promise<void>;
  /** The problems that keep the files from being written, in full sentences. */
  readonly problems: readonly string[];
  /** Moves all files to their places. */
  commit(): Promise<OutputCounts>;
  /** Leaves all existing files unchanged. */
  abandon(): void;
}
