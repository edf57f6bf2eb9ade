export { type OpenTelemetryOptions, traceWithOpenTelemetry } from "./tracing/open-telemetry.js";
