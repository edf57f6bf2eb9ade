import type { Middleware } from "../exchange/types.js";
import { checkOptions } from "../options/check-options.js";
import { kinds, type OptionKind } from "../options/kinds.js";
import { type RequestTrace, requestChannel } from "../tracing/channels.js";

/** The options of `Metrics`. */
export interface MetricsOptions {
  /** The upper bounds of the buckets for durations, in seconds and ascending. Default 0.005 to 10. */
  readonly buckets?: readonly number[];
  /** Whether memory, CPU time and delays of the event loop of the process are reported too. Default true. */
  readonly process?: boolean;
}

interface Series {
  readonly labels: string;
  readonly counts: number[];
  sum: number;
  count: number;
}

/** The buckets in the semantic conventions of OpenTelemetry. */
const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const methods: ReadonlySet<string> = new Set(
  "GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE".split(" "),
);
const contentType = "text/plain; version=0.0.4; charset=utf-8";

const bucketsKind: OptionKind = {
  words: "an array of ascending numbers above 0",
  test: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one, index) => Number.isFinite(one) && one > (index === 0 ? 0 : value[index - 1])),
};

/**
 * Counts the requests of all apps of the process from now on, and answers with the figures in the format of Prometheus.
 * The figures come from the tracing channel `miqro:request`.
 */
export function Metrics(options: MetricsOptions = {}): Middleware & AsyncDisposable {
  checkOptions<MetricsOptions>(options, "`Metrics`", { buckets: bucketsKind, process: kinds.flag });
  const { buckets = defaultBuckets, process: tellsProcess = true } = options;
  const durations = new Map<string, Series>();
  const starts = new WeakMap<object, number>();
  let active = 0;
  const onStart = (trace: unknown): void => {
    starts.set(trace as object, performance.now());
    active++;
  };
  const onEnd = (given: unknown): void => {
    const trace = given as RequestTrace;
    const start = starts.get(trace);
    // The request began before this middleware listened.
    if (start === undefined) return;
    active--;
    add((performance.now() - start) / 1000, trace);
  };
  const add = (seconds: number, { method, route, status }: RequestTrace): void => {
    // The routes limit the number of labels. Clients cannot add labels.
    const labels =
      `http_request_method="${methods.has(method) ? method : "_OTHER"}",` +
      `http_route="${escapeLabel(route ?? "")}",http_response_status_code="${status ?? ""}"`;
    let series = durations.get(labels);
    if (series === undefined) {
      series = { labels, counts: buckets.map(() => 0), sum: 0, count: 0 };
      durations.set(labels, series);
    }
    series.sum += seconds;
    series.count++;
    const index = buckets.findIndex((bound) => seconds <= bound);
    if (index !== -1) series.counts[index] = (series.counts[index] ?? 0) + 1;
  };
  const delays = tellsProcess
    ? process.getBuiltinModule("node:perf_hooks").monitorEventLoopDelay({ resolution: 20 })
    : undefined;
  delays?.enable();
  // Subscribes to these two events only. A subscriber of the other events would make each request slower.
  requestChannel.start.subscribe(onStart);
  requestChannel.asyncEnd.subscribe(onEnd);

  const metrics: Middleware = (req, res) => {
    if (req.method !== "GET" && req.method !== "HEAD") return undefined;
    const parts = [writeDurations(durations.values(), buckets), writeActive(active)];
    if (delays !== undefined) {
      parts.push(writeProcess(delays));
      delays.reset();
    }
    res.setHeader("Content-Type", contentType);
    res.text(parts.join(""), { "Cache-Control": "no-store" });
    return false;
  };
  return Object.assign(metrics, {
    [Symbol.asyncDispose]: async (): Promise<void> => {
      requestChannel.start.unsubscribe(onStart);
      requestChannel.asyncEnd.unsubscribe(onEnd);
      delays?.disable();
    },
  });
}

function writeDurations(all: Iterable<Series>, buckets: readonly number[]): string {
  const name = "http_server_request_duration_seconds";
  let text = `# HELP ${name} Duration of HTTP server requests.\n# TYPE ${name} histogram\n`;
  for (const { labels, counts, sum, count } of all) {
    let below = 0;
    for (const [index, bound] of buckets.entries()) {
      below += counts[index] ?? 0;
      text += `${name}_bucket{${labels},le="${bound}"} ${below}\n`;
    }
    text += `${name}_bucket{${labels},le="+Inf"} ${count}\n`;
    text += `${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${count}\n`;
  }
  return text;
}

function writeActive(active: number): string {
  return writeOne("http_server_active_requests", "gauge", "Requests that are being answered.", active);
}

function writeProcess(delays: {
  readonly mean: number;
  readonly max: number;
  percentile(p: number): number;
}): string {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const seconds = (nanoseconds: number): number => (Number.isNaN(nanoseconds) ? 0 : nanoseconds / 1e9);
  return [
    writeOne("process_cpu_seconds_total", "counter", "User and system CPU time.", (user + system) / 1e6),
    writeOne(
      "process_start_time_seconds",
      "gauge",
      "Start time of the process, in seconds since 1970.",
      performance.timeOrigin / 1000,
    ),
    writeOne("process_resident_memory_bytes", "gauge", "Resident memory.", rss),
    writeOne("nodejs_heap_size_used_bytes", "gauge", "Heap in use.", heapUsed),
    writeOne("nodejs_heap_size_total_bytes", "gauge", "Size of the heap.", heapTotal),
    writeOne("nodejs_external_memory_bytes", "gauge", "Memory outside the heap.", external),
    writeOne(
      "nodejs_eventloop_lag_mean_seconds",
      "gauge",
      "Mean delay of the event loop since the last scrape.",
      seconds(delays.mean),
    ),
    writeOne(
      "nodejs_eventloop_lag_p99_seconds",
      "gauge",
      "99th percentile of the delay of the event loop since the last scrape.",
      seconds(delays.percentile(99)),
    ),
    writeOne(
      "nodejs_eventloop_lag_max_seconds",
      "gauge",
      "Longest delay of the event loop since the last scrape.",
      seconds(delays.max),
    ),
  ].join("");
}

function writeOne(name: string, type: "gauge" | "counter", help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === "\n" ? "\\n" : `\\${char}`));
}
