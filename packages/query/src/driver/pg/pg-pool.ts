import type { DriverSettings } from "../../dialect/dialect.js";
import { DatabaseConnectionError } from "../../errors.js";
import { openPgClient } from "./pg-client.js";
import { PgConnection } from "./pg-connection.js";

interface Idle {
  readonly connection: PgConnection;
  readonly timer: NodeJS.Timeout | undefined;
}

interface Waiter {
  readonly resolve: (connection: PgConnection) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** The connections to one server. Who finds none free waits in line, for so long as the options say. */
export class PgPool {
  readonly #settings: DriverSettings;
  /** The one that was used last comes first, so that the others can go when there is little to do. */
  readonly #idle: Idle[] = [];
  readonly #waiters: Set<Waiter> = new Set();
  readonly #busy: Set<PgConnection> = new Set();
  #opening = 0;
  #closed: (() => void) | undefined;
  #isClosed = false;

  constructor(settings: DriverSettings) {
    this.#settings = settings;
  }

  /** A free connection at once, if there is one. */
  tryAcquire(): PgConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.connection.broken === undefined) {
        this.#busy.add(idle.connection);
        return idle.connection;
      }
    }
    return undefined;
  }

  async acquire(timeout: number = this.#settings.pool.connectTimeout): Promise<PgConnection> {
    if (this.#isClosed) throw closedError();
    const free = this.tryAcquire();
    if (free !== undefined) return free;
    const { max } = this.#settings.pool;
    if (this.#busy.size + this.#opening < max) return this.#open();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(
          new DatabaseConnectionError(
            "QUERY_POOL_TIMEOUT",
            `Each of the ${max} connections was in use for ${timeout} ms; end transactions sooner, or raise pool.max.`,
          ),
        );
      }, timeout);
      const waiter: Waiter = { resolve, reject, timer };
      this.#waiters.add(waiter);
    });
  }

  release(connection: PgConnection): void {
    if (!this.#busy.delete(connection)) return;
    if (this.#isClosed) {
      void connection.close();
      this.#finish();
      return;
    }
    if (connection.broken !== undefined) {
      connection.destroy();
      this.#openForWaiter();
      return;
    }
    const [waiter] = this.#waiters;
    if (waiter !== undefined) {
      this.#waiters.delete(waiter);
      clearTimeout(waiter.timer);
      this.#busy.add(connection);
      waiter.resolve(connection);
      return;
    }
    this.#park(connection);
  }

  /** Closes what is free, and the others as they come back; those that are still out after `timeout` are cut. */
  async close(timeout: number): Promise<void> {
    this.#isClosed = true;
    for (const waiter of this.#waiters) {
      clearTimeout(waiter.timer);
      waiter.reject(closedError());
    }
    this.#waiters.clear();
    const closing = this.#idle.splice(0).map(({ connection, timer }) => {
      clearTimeout(timer);
      return connection.close();
    });
    if (this.#busy.size + this.#opening > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          for (const connection of this.#busy) connection.destroy();
          resolve();
        }, timeout);
        this.#closed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await Promise.all(closing);
  }

  async #open(): Promise<PgConnection> {
    this.#opening++;
    try {
      const client = await openPgClient(this.#settings.connectionString, this.#settings.pool.connectTimeout);
      const connection = new PgConnection(client, this.#settings);
      this.#busy.add(connection);
      return connection;
    } catch (error) {
      if (error instanceof DatabaseConnectionError) throw error;
      throw new DatabaseConnectionError(
        "QUERY_CONNECT_FAILED",
        `The connection to PostgreSQL failed: ${(error as Error).message || (error as { code?: string }).code}; check the connection string and the server.`,
        error,
      );
    } finally {
      this.#opening--;
      this.#finish();
    }
  }

  #openForWaiter(): void {
    const [waiter] = this.#waiters;
    if (waiter === undefined) return;
    this.#waiters.delete(waiter);
    clearTimeout(waiter.timer);
    this.#open().then(waiter.resolve, waiter.reject);
  }

  #park(connection: PgConnection): void {
    const { idleTimeout } = this.#settings.pool;
    const timer =
      idleTimeout === 0
        ? undefined
        : setTimeout(() => {
            const index = this.#idle.findIndex((idle) => idle.connection === connection);
            if (index >= 0) this.#idle.splice(index, 1);
            void connection.close();
          }, idleTimeout);
    // A connection that waits for work does not keep the process alive by this timer.
    timer?.unref();
    this.#idle.push({ connection, timer });
  }

  #finish(): void {
    if (this.#isClosed && this.#busy.size + this.#opening === 0) this.#closed?.();
  }
}

function closedError(): DatabaseConnectionError {
  return new DatabaseConnectionError(
    "QUERY_NOT_CONNECTED",
    "The database was disconnected before this statement ran.",
  );
}
