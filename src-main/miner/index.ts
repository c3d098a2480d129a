/** The face of the miner room: a unit's life, and the child processes that train and verify. */
export { createMiner } from "./create-miner.ts";
export type { Miner, MinerOptions, MinerState, MinerStatus } from "./create-miner.ts";
export { measureDevice } from "./calibration/measure-device.ts";
export type {
  DeviceRates,
  JoulesCounter,
  MeasureNeeds,
  MeasureOptions,
  ProductProfile,
  ProductRate,
  StepRate,
} from "./calibration/measure-device.ts";
export { buildSpecification } from "./job/build-specification.ts";
export type { JobPlan } from "./job/build-specification.ts";
export { specificationBytes } from "./job/job-program.ts";
export { submitJob } from "./job/submit-job.ts";
export type { JobOrder, SubmitNeeds } from "./job/submit-job.ts";
export type { Child, ChildExit, ChildPort, ForkChild } from "./messages/child-port.ts";
export { checkVerifierReport } from "./messages/verifier-messages.ts";
export type {
  StartVerifier,
  VerifierCommand,
  VerifierReport,
  VerifierResult,
} from "./messages/verifier-messages.ts";
export { checkWorkerReport } from "./messages/worker-messages.ts";
export type {
  DeviceChoice,
  LossPoint,
  StartWorker,
  UnitTimes,
  WorkerCommand,
  WorkerProgress,
  WorkerReport,
  WorkerResult,
} from "./messages/worker-messages.ts";
export type {
  AccountSigner,
  MinerCommit,
  MinerLedger,
  MinerNeeds,
  MinerRecord,
  StatedEnergy,
  UnitEnergyMeter,
  VerifierSigner,
} from "./needs.ts";
export type {
  UnitPayment,
  UnitPhaseWord,
  UnitSlots,
  UnitStatus,
  UnitVerification,
} from "./unit/unit-status.ts";
export { serveVerifier } from "./verifier/serve-verifier.ts";
export type { VerifierNeeds } from "./verifier/serve-verifier.ts";
export { checkpointName, readSegmentState } from "./worker/checkpoint.ts";
export { serveWorker } from "./worker/serve-worker.ts";
export type { WorkerNeeds } from "./worker/serve-worker.ts";
export type { WorkClock } from "./worker/unit-times.ts";
