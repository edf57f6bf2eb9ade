import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseConnectionError } from "../../../errors.js";
import type { DriverSettings } from "../../dialect.js";
import { openPgClient, type PgClient } from "./pg-client.js";
import { PgConnection, type SharedState } from "./pg-connection.js";

interface Idle {
  readonly connection: PgConnection;
  readonly timer: NodeJS.Timeout | undefined;
}

interface Waiter {
  readonly resolve: (connection: PgConnection) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** The connections to one server. If no connection is free, a caller waits in a queue, for at most `connectTimeout`. */
export class PgPool {
  readonly #settings: DriverSettings;
  /**
   * The connection that was used last is used next. With little traffic, the other connections become idle and close.
   */
  readonly #idle: Idle[] = [];
  readonly #waiters: Set<Waiter> = new Set();
  readonly #busy: Set<PgConnection> = new Set();
  readonly #shared: SharedState = { stale: { value: 0 }, arrays: new Map() };
  #opening = 0;
  #closed: (() => void) | undefined;
  #isClosed = false;

  constructor(settings: DriverSettings) {
    this.#settings = settings;
  }

  /** Takes a free connection without waiting. Returns `undefined` if no connection is free. */
  tryAcquire(): PgConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      if (idle.connection.broken === undefined) {
        this.#busy.add(idle.connection);
        return idle.connection;
      }
      idle.connection.destroy();
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
        reject(this.#toTimeoutError(timeout));
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
    if (connection.broken !== undefined || connection.worn) {
      if (connection.broken !== undefined) connection.destroy();
      else void connection.close();
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

  /**
   * Closes the free connections, and each used connection when it is released. After `timeout`, connections that are
   * still in use are closed by force.
   */
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
    let isOpen = false;
    try {
      const connection = new PgConnection(await this.#openClient(), this.#settings, this.#shared);
      this.#busy.add(connection);
      isOpen = true;
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
      if (!isOpen) this.#wakeAfterFailure();
    }
  }

  /** Opens a client. If the server is still starting, waits until it accepts clients. */
  async #openClient(): Promise<PgClient> {
    const { connectTimeout } = this.#settings.pool;
    const deadline = performance.now() + connectTimeout;
    for (let pause = 25; ; pause = Math.min(pause * 2, 400)) {
      try {
        return await openPgClient(this.#settings.connectionString, connectTimeout);
      } catch (error) {
        // 57P03 is `cannot_connect_now`: the server is running, but not ready yet.
        const isStarting = (error as { readonly code?: string }).code === "57P03";
        if (!isStarting || this.#isClosed || performance.now() + pause > deadline) throw error;
      }
      await sleep(pause);
    }
  }

  /**
   * Waiting callers wait for a released connection. If no connection is in use, none will be released. Then each
   * waiting caller opens a connection itself, and gets the error if that fails.
   */
  #wakeAfterFailure(): void {
    if (this.#busy.size > 0) return;
    for (let free = this.#settings.pool.max - this.#opening; free > 0 && this.#waiters.size > 0; free--) {
      this.#openForWaiter();
    }
  }

  #toTimeoutError(timeout: number): DatabaseConnectionError {
    const { max } = this.#settings.pool;
    return this.#busy.size >= max
      ? new DatabaseConnectionError(
          "QUERY_POOL_TIMEOUT",
          `Each of the ${max} connections was in use for ${timeout} ms; end transactions sooner, or raise pool.max.`,
        )
      : new DatabaseConnectionError(
          "QUERY_POOL_TIMEOUT",
          `No connection came free in ${timeout} ms: ${this.#busy.size} of ${max} were in use, and ${this.#opening} did not ` +
            "open in that time; check the server.",
        );
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
    // This timer of an idle connection does not keep the process alive.
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
