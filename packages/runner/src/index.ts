export type { ClusterEvents, WorkerExit, WorkerInfo } from "./cluster/cluster-events.js";
export type { StopOptions } from "./cluster/cluster-manager.js";
export { ClusterManager } from "./cluster/cluster-manager.js";
export type { ClusterOptions } from "./cluster/cluster-options.js";
export type { ClusterEnvironment } from "./cluster/read-cluster-environment.js";
export { readClusterEnvironment } from "./cluster/read-cluster-environment.js";
export type { RunClusterOptions } from "./cluster/run-cluster.js";
export { runCluster } from "./cluster/run-cluster.js";
export type { RunnerErrorCode, WorkerFailure } from "./errors.js";
export {
  BackplaneError,
  CacheKindError,
  CacheStateError,
  CacheValueError,
  ClusterStateError,
  ClusterStoppedError,
  CrashLoopError,
  ForeignMessageError,
  InvalidOptionError,
  ReloadFailedError,
  RunnerError,
  ScriptNotFoundError,
  SpareFailedError,
  WatchFailedError,
  WorkerFailedError,
  WorkerStuckError,
} from "./errors.js";
export type { ReportedFailure } from "./protocol/messages.js";
