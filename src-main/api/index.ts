/** What other rooms use of the control API: the socket's address, its server, its client. */

export { connectControl, ControlClient } from "./client.ts";
export type { CallOutcome, RemoteRejection } from "./client.ts";
export type { ConnectionNeeds } from "./answer-call.ts";
export { rejectionOf } from "./error-response.ts";
export type { HandledMethod, Handler, Handlers, StatusFeed } from "./handlers.ts";
export { countJobs, jobHandlers, jobNameOf, specificationOf } from "./handlers/job-handlers.ts";
export type { JobNeeds } from "./handlers/job-handlers.ts";
export { ledgerHandlers, ledgerReport, makeReceipt } from "./handlers/ledger-handlers.ts";
export type { LedgerNeeds } from "./handlers/ledger-handlers.ts";
export { effectText } from "./handlers/ledger-words.ts";
export { pageHandlers } from "./handlers/page-handlers.ts";
export type { PageMethods } from "./handlers/page-handlers.ts";
export { spendHandlers } from "./handlers/spend-handlers.ts";
export type { SpendNeeds } from "./handlers/spend-handlers.ts";
export { paidSoFar, walletHandlers } from "./handlers/wallet-handlers.ts";
export type { OwnAccount, WalletNeeds } from "./handlers/wallet-handlers.ts";
export { METRICS, metricsText } from "./metrics.ts";
export type { MetricName, Readings, Sample } from "./metrics.ts";
export { PageDoor } from "./page/page-door.ts";
export { PageFiles } from "./page/page-files.ts";
export { startPageServer } from "./page/page-server.ts";
export type { PageServer, PageServerNeeds } from "./page/page-server.ts";
export { startControlServer } from "./server.ts";
export type { ControlServer } from "./server.ts";
export { socketAnswers } from "./socket-answers.ts";
export { controlSocketPath, socketSurroundings } from "./socket-path.ts";
export type { SocketSurroundings } from "./socket-path.ts";
