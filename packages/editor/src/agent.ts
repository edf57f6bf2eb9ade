export type { RouteInfo, ServiceInfo } from "./agent/service-info.js";
export type { Agent, AgentLink, RunningApp } from "./agent/start-agent.js";
export { startAgent } from "./agent/start-agent.js";
