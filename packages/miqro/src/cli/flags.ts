/** A flag of the command line. */
export interface Flag {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in `--help`. */
  readonly value?: string;
  /** The line in `--help`; a flag without one is known, and refused as not available yet. */
  readonly help?: string;
}

/** A group of flags as `--help` prints it. */
export interface FlagGroup {
  readonly title: string;
  readonly flags: Readonly<Record<string, Flag>>;
}

const later = { type: "boolean" } as const;
const laterString = { type: "string" } as const;

/** Every flag that miqro knows, in the order of the help. */
export const flagGroups: readonly FlagGroup[] = [
  {
    title: "Serve",
    flags: {
      service: {
        type: "string",
        multiple: true,
        value: "DIR",
        help: "a service folder; repeat it, order counts",
      },
      "no-build": { type: "boolean", help: "run what tsc wrote; needed for now" },
      watch: { type: "boolean", help: "replace the worker when files change" },
      port: { type: "string", value: "PORT", help: "default 8080, or PORT" },
      host: { type: "string", value: "HOST", help: "default: all; 127.0.0.1 with --watch" },
      name: { type: "string", value: "NAME", help: "the server's name, default server" },
      config: { type: "string", value: "FILE", help: "default ./miqro.json, where there is one" },
      "disable-miqrojson": { type: "boolean", help: "ignore miqro.json" },
    },
  },
  {
    title: "Databases",
    flags: {
      "migrate-up": { type: "boolean", help: "run the migrations that are due, and end" },
      "migrate-down": { type: "boolean", help: "undo all migrations, last first, and end" },
    },
  },
  {
    title: "Set up",
    flags: {
      "install-tsconfig": { type: "boolean", help: "write tsconfig.json for this folder" },
      "install-miqrojson": { type: "boolean", help: "write a default miqro.json" },
    },
  },
  {
    title: "Other",
    flags: {
      help: { type: "boolean", short: "h", help: "this text" },
      version: { type: "boolean", short: "v", help: "the version" },
    },
  },
  {
    title: "Later",
    flags: {
      browser: laterString,
      "client-bundle": later,
      compile: later,
      editor: later,
      "generate-client": laterString,
      "generate-doc": later,
      "generate-doc-all": later,
      "generate-doc-out": laterString,
      "generate-doc-type": laterString,
      "hot-reload": later,
      https: later,
      "https-cert": laterString,
      "https-key": laterString,
      "https-redirect": laterString,
      inflate: later,
      "inflate-dir": laterString,
      "inflate-flat": later,
      "inflate-only-assets": later,
      "inflate-parallel": laterString,
      "inflate-sea": later,
      init: later,
      install: later,
      "log-file": laterString,
      "no-minify": later,
      test: later,
      "test-name-pattern": laterString,
      "test-reporter": laterString,
    },
  },
];

/** The same flags by name. */
export const flags: Readonly<Record<string, Flag>> = Object.assign(
  Object.create(null),
  ...flagGroups.map((group) => group.flags),
);
