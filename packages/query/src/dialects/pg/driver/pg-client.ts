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

/** The parts of a client of the package pg that are used here. */
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
    /** The named statements of the server: text by name. */
    readonly parsedStatements?: Record<string, string>;
    on(event: "parameterStatus", listener: (status: ParameterStatus) => void): void;
    readonly stream: { destroy(): void; ref?(): void; unref?(): void };
  };
}

/** A setting that the server reports when a connection begins and when the setting changes. */
interface ParameterStatus {
  readonly parameterName: string;
  readonly parameterValue: string;
}

interface Pg {
  readonly Client: new (options: {
    readonly connectionString?: string | undefined;
    readonly connectionTimeoutMillis: number;
    readonly keepAlive: boolean;
  }) => PgClient;
}

/** Opens a connection to the server; `timeout` in milliseconds, 0 for none. */
export async function openPgClient(connectionString: string | undefined, timeout: number): Promise<PgClient> {
  const { Client } = await loadDriver<Pg>("pg", () => import("pg"));
  const client = new Client({ connectionString, connectionTimeoutMillis: timeout, keepAlive: true });
  // Without a listener, an unused connection that breaks would end the process.
  client.on("error", () => {});
  let dateStyle = "ISO";
  client.connection.on("parameterStatus", ({ parameterName, parameterValue }) => {
    if (parameterName === "DateStyle") dateStyle = parameterValue;
  });
  await client.connect();
  // A server or a user can have another date style, in which dates have no time zone.
  if (!dateStyle.startsWith("ISO")) await client.query("SET DateStyle = ISO");
  return client;
}
