/** What crosses processes. The control API's schema has its own face, `control-api/index.ts`. */

export { bytesEqual, bytesToHex, compareBytes, concatBytes, hexToBytes, isHex } from "./bytes.ts";
export { CODES, explainCode, factsText } from "./explain.ts";
export type { Explanation } from "./explain.ts";
export { accept, BrokenInvariant, Fault, invariant, reject } from "./outcome.ts";
export type { Outcome, Rejection } from "./outcome.ts";
export {
  BASE_PER_VIV,
  exactViv,
  formatAccuracy,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatTextLoss,
  formatViv,
  parseViv,
  shortHex,
  VIV_DECIMALS,
} from "./units.ts";
