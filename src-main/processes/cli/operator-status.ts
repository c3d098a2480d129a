/**
 * Decides what an operator is told beside the daemon's own status: who holds work, the watts and
 * how they are known, today's energy, and what work is left. All of it is what the daemon answers
 * about rules and energy, joined here: the status that every face follows must stay cheap.
 */

import type { EnergyNow, RulesState, Status } from "../../contract/control-api/index.ts";
import { TIER_WORDS } from "../../contract/energy-tiers.ts";
import { formatCount, formatDuration, formatPercent } from "../../contract/units.ts";
import { BOUNDARY_WORDS, costWords, energyWords } from "./energy-lines.ts";

/** Whether work runs, and whose wish that is. */
export interface OperatorWork {
  readonly state: Status["mine"]["state"];
  /** What rules and protections want; the owner's pause stands beside it. */
  readonly rulesWant: RulesState["work"];
  /** Whether its owner wants work. */
  readonly wanted: boolean;
  /** The rule in force; null where none is, or where a protection or a limit holds. */
  readonly rule: string | null;
  /** Why it is held; null where it is not. */
  readonly code: string | null;
  readonly reason: string | null;
  /** The owner's start holds against a rule's pause. */
  readonly overridden: boolean;
  readonly heldMs: number;
  /** The caps of watts in force, in a sentence each. */
  readonly caps: readonly string[];
}

/** Watts now, and how they are known; null where nobody counts energy. */
export interface OperatorPower {
  readonly watts: number | null;
  /** "B metered"; null without any meter. */
  readonly method: string | null;
  readonly tier: EnergyNow["tier"];
  readonly boundary: EnergyNow["boundary"];
  readonly source: string | null;
}

/** Energy of the running UTC day. */
export interface OperatorEnergy {
  readonly fromMs: number;
  readonly millijoules: number | null;
  /** Share of the day so far that was covered. */
  readonly coverage: number;
  /** Share of the energy that was measured in its own row; the rest is modelled or filled in. */
  readonly measuredShare: number | null;
  readonly method: string | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/** Work that is there already. */
export interface WorkReserve {
  readonly jobsOpen: number;
  /** Steps of the unit in hand that are not done; 0 without one. */
  readonly unitStepsLeft: number;
  /** About how long they take; null where that is not known. */
  readonly aboutMs: number | null;
}

/** A status with what an operator asks for. */
export interface OperatorStatus extends Status {
  readonly work: OperatorWork;
  readonly power: OperatorPower | null;
  readonly energyToday: OperatorEnergy | null;
  readonly workReserve: WorkReserve;
}

/**
 * Joins the answers.
 * @param now  null where energy is not counted
 */
export function operatorStatus(
  status: Status,
  rules: RulesState,
  now: EnergyNow | null,
): OperatorStatus {
  const { mine } = status;
  const unit = mine.unit;
  return {
    ...status,
    work: {
      state: mine.state,
      rulesWant: rules.work,
      wanted: rules.wanted,
      rule: rules.rule,
      code: mine.code ?? rules.code,
      reason: mine.reason ?? rules.sentence,
      overridden: rules.overridden,
      heldMs: rules.heldMs,
      caps: rules.caps.map(({ sentence }) => sentence),
    },
    power: now === null ? null : powerOf(now),
    energyToday: now === null ? null : todayOf(now.today),
    workReserve: {
      jobsOpen: status.jobsOpen,
      unitStepsLeft: unit === null ? 0 : Math.max(0, unit.steps - unit.step),
      aboutMs: unit?.trainLeftMs ?? null,
    },
  };
}

function powerOf({ watts, tier, boundary, source }: EnergyNow): OperatorPower {
  return { watts, method: methodOf(tier), tier, boundary, source };
}

function todayOf(today: EnergyNow["today"]): OperatorEnergy {
  const { fromMs, loadMillijoules, coverage, measuredShare, tier, costMicros, currency } = today;
  const known = { millijoules: loadMillijoules, coverage, measuredShare, method: methodOf(tier) };
  return { fromMs, ...known, costMicros, currency };
}

function methodOf(tier: EnergyNow["tier"]): string | null {
  return tier === null ? null : `${tier} ${TIER_WORDS[tier]}`;
}

/** Those fields in lines. */
export function operatorPairs(status: OperatorStatus): readonly (readonly [string, string])[] {
  const { work, power, energyToday } = status;
  const rule = work.overridden ? `${work.rule ?? "a rule"}, overridden by its owner` : work.rule;
  return [
    ...(rule === null ? [] : [["rule", rule] as const]),
    ["power", powerWords(power)],
    ["today", todayWords(energyToday)],
    ["work left", reserveWords(status)],
  ];
}

function powerWords(power: OperatorPower | null): string {
  if (power === null) return "not counted";
  const { watts, method, boundary } = power;
  if (method === null || boundary === null) return "not metered";
  const shown = watts === null ? "not known now" : `${watts.toFixed(1)} W`;
  return `${shown} (${method}; ${BOUNDARY_WORDS[boundary]})`;
}

function todayWords(today: OperatorEnergy | null): string {
  if (today === null) return "not counted";
  const { millijoules, method, coverage, costMicros, currency } = today;
  if (millijoules === null || method === null) return "nothing counted since 00:00 UTC";
  const cost = costMicros === null ? "" : `, ${costWords(costMicros, currency)}`;
  const covered = `${formatPercent(coverage, 0)} covered`;
  return `${energyWords(millijoules)} since 00:00 UTC (${method}, ${covered})${cost}`;
}

function reserveWords({ workReserve, mine }: OperatorStatus): string {
  const { unitStepsLeft, aboutMs } = workReserve;
  if (mine.unit === null) return "none in hand";
  if (unitStepsLeft === 0) return `no step of ${mine.unit.jobName}; it is being checked or paid`;
  const seconds = aboutMs === null ? null : Math.max(1, Math.round(aboutMs / 1_000));
  const about = seconds === null ? "" : `, about ${formatDuration(seconds * 1_000)}`;
  return `${formatCount(unitStepsLeft)} steps of ${mine.unit.jobName}${about}`;
}
