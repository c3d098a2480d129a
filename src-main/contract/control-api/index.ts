/** What other rooms use of the control API's schema. */

export {
  checkAdmitted,
  checkCodeMessage,
  checkKeptDataSet,
  checkNotification,
  checkParams,
  checkRequest,
  checkResponse,
  checkResult,
  checkSession,
  checkTokenMessage,
  checkUnitResult,
  isMethodName,
} from "./check.ts";
export type { ConcentrationAnswer, Spread } from "./concentration.ts";
export type { Device, Devices, Machine } from "./device.ts";
export { ENERGY_ANSWER_ROWS_MAX, ENERGY_STEPS } from "./energy.ts";
export type {
  EnergyHour,
  EnergyHours,
  EnergyNow,
  EnergySignal,
  EnergySignals,
  EnergySources,
  EnergyTotals,
  EnergyUnits,
  MeterState,
  UnitEnergyAnswer,
} from "./energy.ts";
export type { KeptReport, ReportCheck, Reports, ReportSummary } from "./energy-report.ts";
export { CURVE_POINTS_MAX } from "./job.ts";
export type {
  CurvePoint,
  JobDetail,
  JobState,
  JobSummary,
  Listing,
  Payment,
  UnitCost,
  UnitCurve,
  UnitPhase,
  UnitProgress,
  UnitResult,
} from "./job.ts";
export type {
  GenesisDocument,
  LedgerProof,
  LedgerRecord,
  LedgerReport,
  OutcomeProof,
  Pruned,
  SizeProof,
  StateAnswer,
} from "./ledger.ts";
export { FEED_SLOTS_MAX, ROW_TABLES } from "./light.ts";
export type {
  AccountViewAnswer,
  Found,
  LightAnswer,
  PageTrust,
  RowClaimAnswer,
  RowTable,
  SlotClaimAnswer,
  Trail,
} from "./light.ts";
export { RPC_ERROR } from "./messages.ts";
export type { ErrorDetail, RpcId, RpcNotification, RpcRequest, RpcResponse } from "./messages.ts";
export { CONTROL_API_VERSION, METHODS } from "./methods.ts";
export type {
  CheckedParams,
  MethodLevel,
  MethodName,
  MethodParams,
  MethodResult,
} from "./methods.ts";
export {
  COLUMNS_MAX,
  CONTEXT_MAX,
  CONTEXT_MIN,
  PATH_CHARACTERS_MAX,
  TEXT_LAYERS_MAX,
  TEXT_WIDTH_MAX,
  TEXT_WIDTH_STEP,
  VOCABULARY_MAX,
} from "./own-job.ts";
export type {
  Holdout,
  KeptDataSet,
  OwnData,
  OwnText,
  Quote,
  QuoteParams,
  StepsRule,
  TextTokens,
  TextWishes,
  Weights,
} from "./own-job.ts";
export { openRpcDocument } from "./openrpc.ts";
export type { OpenRpcDocument } from "./openrpc.ts";
export { SEARCH_RECEIPT_BYTES_MAX } from "./search.ts";
export type {
  FoundPublication,
  SearchAnswered,
  SearchParams,
  SearchProofParams,
  SearchProved,
} from "./search.ts";
export { SESSION_LEVELS } from "./page.ts";
export type { Admitted, OpenedPage, PageSession, SessionLevel } from "./page.ts";
export type {
  OwnWallet,
  Paid,
  PayParams,
  PaymentPreview,
  PreviewParams,
  WalletList,
  WalletOrderParams,
} from "./spend.ts";
export type { CapInForce, LimitsOfDevice, LimitsSetParams, LimitsState } from "./limits.ts";
export type { RulesPreview, RulesState } from "./rules.ts";
export type { TelemetryNow, TelemetrySeries, WatchedSample } from "./telemetry.ts";
export type { Head, MineState, MineStatus, Status, StatusDelta } from "./status.ts";
export type {
  AccountAnswer,
  HistoryEntry,
  RewardEnergy,
  ReceiptAnswer,
  Sent,
  Wallet,
  WalletAccount,
} from "./wallet.ts";
export type { AccountKeys, Prices, Publication, ReaderAnswer } from "./account-records.ts";
