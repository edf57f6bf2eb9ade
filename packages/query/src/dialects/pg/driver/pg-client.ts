import { loadDriver } from "../../../driver/load-driver.js";

/** A column of a result as the package pg describes it. */
export interface PgField {
  readonly name: string;
  readonly dataTypeID: number;
}

export interface PgResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly PgField[];
  readonly rows: (string | null)[][];
}

/** The members of a client of the package pg that this package uses. */
export interface PgClient {
  connect(): Promise<void>;
  query(text: string): Promise<unknown>;
  query(config: {
    readonly name?: string | undefined;
    readonly text: string;
    readonly values: readonly unknown[];
    readonly rowMode: "array";
    readonly types: { getTypeParser(oid: number): (text: string) => string };
  }): Promise<PgResult>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "end", listener: () => void): void;
  readonly connection: {
    /** The prepared statements of the server: their SQL by name. */
    readonly parsedStatements?: Record<string, string>;
    on(event: "parameterStatus", listener: (status: ParameterStatus) => void): void;
    readonly stream: { destroy(): void; ref?(): void; unref?(): void };
  };
}

/** A message of the server about a setting, sent at the start of a connection and when the setting changes. */
interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

interface Pg {
  readonly Client: new (options: {
    readonly connectionString?: string | undefined;
    readonly connectionTimeoutMillis: number;
    readonly keepAlive: boolean;
    readonly keepAliveInitialDelayMillis: number;
  }) => PgClient;
}

// A silent connection is checked after this number of milliseconds. Without it, the system would wait for two hours
// before it checks whether the server of a running statement still exists.
const keepAliveDelay = 10_000;

/** Opens a connection to the server. `timeout` is in milliseconds; 0 means no limit. */
export async function openPgClient(connectionString: string | undefined, timeout: number): Promise<PgClient> {
  const { Client } = await loadDriver<Pg>("pg", () => import("pg"));
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: timeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelay,
  });
  // Without a listener for `error`, a broken unused connection would end the process.
  client.on("error", () => {});
  let dateStyle = "ISO";
  client.connection.on("parameterStatus", ({ parameterName, parameterValue }) => {
    if (parameterName === "DateStyle") dateStyle = parameterValue;
  });
  await client.connect();
  // The server or the user may have configured another DateStyle, whose dates have no time zone.
  if (!dateStyle.startsWith("ISO")) await client.query("SET DateStyle = ISO");
  return client;
}
