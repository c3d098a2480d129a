/**
 * Decides whether work runs, from one moment to the next: protections first, then the owner's own
 * start, then the first rule that asks for something, else it runs. What rules decided is kept for
 * its holding time, so that work never flaps faster than that; a protection waits for nobody.
 */

import type { ConditionState } from "./conditions.ts";
import { judgeRule } from "./judge-rule.ts";
import type { JudgedRule } from "./judge-rule.ts";
import { HOLD_STANDARD_SECONDS } from "./limits.ts";
import { forgive, FRESH_PROTECTIONS, protectionReason, stepProtections } from "./protections.ts";
import type { ProtectionReason, ProtectionState } from "./protections.ts";
import type { ProtectionLimits, Rule } from "./rule.ts";
import type { RuleTimes, SignalsNow } from "./signals.ts";

/** What never changes while the daemon runs. */
export interface RuleSettings {
  readonly rules: readonly Rule[];
  readonly limits: ProtectionLimits;
}

/** What rules want of the work. */
export interface Wanted {
  readonly work: "run" | "pause";
  /** The rule that asks for it; null where none does. */
  readonly rule: string | null;
}

/** A cap that a rule wants. */
export interface WantedCap {
  readonly rule: string;
  /** Null: the device that trains. */
  readonly device: string | null;
  readonly watts: number;
}

/** What rules decided, since when, and for how long that is kept. */
export interface Decided extends Wanted {
  readonly sinceMs: number;
  /** 0 for a first decision without its signal: signals come seconds after a start. */
  readonly holdMs: number;
}

/** What is remembered from one moment to the next. */
export interface DecisionState {
  readonly conditions: ReadonlyMap<string, readonly ConditionState[]>;
  readonly protections: ProtectionState;
  /** What rules decided last; null before the first moment. */
  readonly decided: Decided | null;
  /** What the owner's start overrides, until rules want something else. */
  readonly overridden: Wanted | null;
}

/** What is decided at a moment. */
export interface Decision {
  readonly work: "run" | "pause";
  /** Why it waits for a protection; null where none holds. */
  readonly protection: ProtectionReason | null;
  /** The rule in force; null where none is, or a protection stands above it. */
  readonly rule: string | null;
  /** True where rules want a pause and its owner started work all the same. */
  readonly isOverridden: boolean;
  /** Milliseconds for which what was decided is still held against what rules want now; else 0. */
  readonly heldMs: number;
  /** The cap that a rule asks for; null without one. */
  readonly cap: WantedCap | null;
  readonly judged: readonly JudgedRule[];
}

/** Nothing happened yet. */
export const FRESH_DECISION: DecisionState = {
  conditions: new Map(),
  protections: FRESH_PROTECTIONS,
  decided: null,
  overridden: null,
};

/** The decision at a moment, and what is remembered of it. */
export function decide(
  before: DecisionState,
  { rules, limits }: RuleSettings,
  signals: SignalsNow,
  times: RuleTimes,
): { readonly state: DecisionState; readonly decision: Decision } {
  const { runMs } = times;
  const protections = stepProtections(before.protections, limits, signals, runMs);
  const judged = rules.map((rule) =>
    judgeRule(rule, before.conditions.get(rule.name) ?? [], signals, times),
  );
  const conditions = new Map(
    judged.map(({ rule, conditions: all }) => [rule.name, all.map(({ state }) => state)]),
  );
  const { wanted, cap, isSafeState } = firstAsking(judged);
  const decided = keptFor(before.decided, wanted, { rules, isSafeState }, runMs);
  const { overridden: was } = before;
  const isSame = was !== null && was.work === decided.work && was.rule === decided.rule;
  const overridden = isSame ? was : null;
  const protection = protectionReason(protections, limits, signals);
  const work = protection !== null ? "pause" : overridden !== null ? "run" : decided.work;
  const isHeld = decided.work !== wanted.work;
  return {
    state: { conditions, protections, decided, overridden },
    decision: {
      work,
      protection,
      rule: protection === null ? decided.rule : null,
      isOverridden: overridden !== null,
      heldMs: isHeld ? decided.holdMs - (runMs - decided.sinceMs) : 0,
      cap,
      judged,
    },
  };
}

/** The owner starts work: rules are overridden until they want something else. */
export function ownerStarts(
  before: DecisionState,
  { limits }: RuleSettings,
  signals: SignalsNow,
): DecisionState {
  const { decided } = before;
  const overridden =
    decided === null || decided.work === "run" ? null : { work: decided.work, rule: decided.rule };
  return { ...before, overridden, protections: forgive(before.protections, limits, signals) };
}

/** The owner pauses work: a later start begins with the rules again. */
export function ownerPauses(before: DecisionState): DecisionState {
  return { ...before, overridden: null };
}

/** What the first rule wants that asks for something; a cap lets work run. */
export function firstAsking(judged: readonly JudgedRule[]): {
  readonly wanted: Wanted;
  readonly cap: WantedCap | null;
  readonly isSafeState: boolean;
} {
  const first = judged.find(({ asks }) => asks !== null);
  if (first === undefined) {
    return { wanted: { work: "run", rule: null }, cap: null, isSafeState: false };
  }
  const { rule, asks, isSafeState } = first;
  const wanted = { work: asks === "pause" ? "pause" : "run", rule: rule.name } as const;
  const { name, device, capWatts: watts } = rule;
  const cap = asks === "cap" && watts !== null ? { rule: name, device, watts } : null;
  return { wanted, cap, isSafeState };
}

/** What was decided, until its time is over or rules want the same. */
function keptFor(
  before: Decided | null,
  wanted: Wanted,
  { rules, isSafeState }: { readonly rules: readonly Rule[]; readonly isSafeState: boolean },
  runMs: number,
): Decided {
  const hold = rules.find(({ name }) => name === wanted.rule)?.holdMs;
  const holdMs = hold ?? HOLD_STANDARD_SECONDS * 1_000;
  if (before === null) return { ...wanted, sinceMs: runMs, holdMs: isSafeState ? 0 : holdMs };
  if (before.work === wanted.work) {
    const isFirstKnown = before.holdMs === 0 && !isSafeState;
    if (before.rule === wanted.rule && !isFirstKnown) return before;
    if (before.holdMs === 0 && isSafeState) return { ...before, rule: wanted.rule };
    // Another rule for the same: what it keeps goes on, for its own holding time from now.
    const held = runMs - before.sinceMs + holdMs;
    return { ...before, rule: wanted.rule, holdMs: Math.max(before.holdMs, held) };
  }
  if (runMs - before.sinceMs < before.holdMs) return before;
  return { ...wanted, sinceMs: runMs, holdMs };
}
