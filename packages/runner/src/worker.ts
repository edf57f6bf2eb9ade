export type { DrainRequest } from "./protocol/messages.js";
export {
  answerHealth,
  isDraining,
  isPrimaryWorker,
  isWorker,
  onDrain,
  onMessage,
  reportFailure,
  reportReady,
  requestReload,
  sendToPrimary,
  waitForTurn,
  workerCount,
  workerNumber,
} from "./worker/worker-functions.js";
export type { DrainCallback, MessageCallback } from "./worker/worker-link.js";
