export { answerHealth } from "./health/health-listener.js";
export type { DrainRequest } from "./protocol/messages.js";
export {
  isDraining,
  isPrimaryWorker,
  onDrain,
  onMessage,
  reportFailure,
  reportReady,
  sendToPrimary,
  waitForTurn,
  workerCount,
  workerNumber,
} from "./worker/worker-functions.js";
export type { DrainCallback, MessageCallback } from "./worker/worker-link.js";
