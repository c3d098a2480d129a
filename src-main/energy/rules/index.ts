/** The face of rules and protections: when work runs, and why it does not. */

export { capSentence } from "./cap-words.ts";
export type { AskedCap, CapFacts } from "./cap-words.ts";
export { deadlineShare } from "./deadline-share.ts";
export type { UnitInHand } from "./deadline-share.ts";
export { decide, FRESH_DECISION, ownerPauses, ownerStarts } from "./decide.ts";
export type { Decided, Decision, DecisionState, RuleSettings, WantedCap } from "./decide.ts";
export {
  CELSIUS_LEAST,
  DEVICE_WATTS_MAX,
  isStandard,
  limitsOfDevice,
  noLimits,
  RESUME_BELOW_CELSIUS,
} from "./device-limits.ts";
export { effectWords, expectedEffect } from "./expected-effect.ts";
export type { ExpectedEffect } from "./expected-effect.ts";
export { capWindowMs, keepCap } from "./keep-cap.ts";
export type { CapNow, CapState, CountedEnergy } from "./keep-cap.ts";
export { parseRules } from "./parse-rules.ts";
export { unprotectedDevices } from "./protections.ts";
export { rankByEnergy } from "./rank-devices.ts";
export type { MeasuredDevice, RankedDevice } from "./rank-devices.ts";
export { STANDARD_PROTECTIONS } from "./rule.ts";
export type { DeviceLimits, ProtectionLimits, Rule } from "./rule.ts";
export { RULE_KEYS } from "./rule-keys.ts";
export { becauseOf, decisionSentence, pauseEnd } from "./rule-words.ts";
export { clockWords, deviceWords, NO_SIGNALS } from "./signals.ts";
export type {
  DeviceSignal,
  ForecastPoint,
  GuardSensor,
  LocalTime,
  RuleTimes,
  SignalsNow,
  SignalsProvider,
} from "./signals.ts";
