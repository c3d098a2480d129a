/**
 * Decides the one sentence that is always on top: what this machine does now and why. Only what
 * the ledger has accepted or paid is stated flatly; estimates say "about".
 */

import type { UnitProgress } from "../../src-main/contract/control-api/job.ts";
import type { MineStatus } from "../../src-main/contract/control-api/status.ts";
import { explainCode } from "../../src-main/contract/explain.ts";
import { safeWith } from "../../src-main/contract/safety.ts";
import { formatCount, formatDuration } from "../../src-main/contract/units.ts";
import { factWords } from "./fact-words.ts";
import { phaseLook } from "./phase-words.ts";
import type { Mark, Tone } from "./phase-words.ts";

/** The sentence, its mark, and in small type what to do next or the code. */
export interface StateSentence {
  readonly tone: Tone;
  readonly mark: Mark;
  readonly text: string;
  readonly small: string;
}

/** The sentence for what the miner does. */
export function stateSentence(mine: MineStatus): StateSentence {
  const { unit } = mine;
  switch (mine.state) {
    case "idle":
      if (unit !== null) return unitSentence(unit);
      if (mine.code !== null) return declinedSentence(mine, mine.code);
      return say("calm", "wait", "Waiting for work: no job is assigned to this machine.");
    case "working":
      return unit === null ? say("work", "run", "Starting work.") : unitSentence(unit);
    case "finishing":
      if (unit === null) return say("work", "finish", "Finishing, then pausing.");
      return say(
        "work",
        "finish",
        `Finishing “${unit.jobName}”, ${progressOf(unit)}, then pausing.`,
      );
    case "paused":
      return pausedSentence(mine);
    case "failed":
      return failedSentence(mine);
  }
}

const TURNS: Readonly<Record<MineStatus["state"], string>> = {
  idle: "waiting for work",
  working: "starting",
  finishing: "finishing",
  paused: "paused",
  failed: "stopped by a fault",
};

/** The state in a word or three, for those who hear it at each turn: no figure that moves. */
export function turnWords({ state, unit }: MineStatus): string {
  const isUnder = unit !== null && (state === "working" || state === "idle");
  return isUnder ? phaseLook(unit.phase).word : TURNS[state];
}

/** The step a unit is at, without a guess at the rest. */
export function stepOf(unit: UnitProgress): string {
  return `step ${formatCount(unit.step)} of ${formatCount(unit.steps)}`;
}

/** How far a unit is, as the sentence and the Home screen say it. */
export function progressOf(unit: UnitProgress): string {
  const step = stepOf(unit);
  if (unit.trainLeftMs === null || unit.phase !== "training") return step;
  return `${step}, about ${roughly(unit.trainLeftMs)} left`;
}

/** An estimate in whole seconds: a fraction would promise more than it can. */
export function roughly(leftMs: number): string {
  const seconds = Math.max(1, Math.round(leftMs / 1_000));
  return seconds < 10 ? `${seconds} s` : formatDuration(seconds * 1_000);
}

function unitSentence(unit: UnitProgress): StateSentence {
  const name = `“${unit.jobName}”`;
  switch (unit.phase) {
    case "assigned":
      return say("work", "wait", `${name} is assigned to this machine and about to start.`);
    case "training":
      return say("work", "run", `Training ${name}, ${progressOf(unit)}.`);
    case "sealed":
      return say("work", "seal", `${name} is trained and sealed in the ledger; it opens next.`);
    case "revealed":
      return say("work", "wait", `${name} waits for the draw of what will be checked.`);
    case "challenged":
    case "verifying":
      return say("work", "check", `${name} is being checked${checkedOf(unit)}.`);
    case "accepted":
      return say("work", "check", `${name} is checked and accepted; payment follows.`);
    case "paid":
      return say("certain", "paid", `${name} is paid.`);
    case "disputed":
      return say("attention", "fault", `${name} is disputed: the check disagrees.`);
    case "voided":
      return say("fault", "stop", `${name} ended without pay.`);
  }
}

function checkedOf({ segmentsDrawn, segmentsChecked }: UnitProgress): string {
  if (segmentsDrawn === null) return "";
  return `: ${formatCount(segmentsChecked)} of ${formatCount(segmentsDrawn)} segments`;
}

function pausedSentence(mine: MineStatus): StateSentence {
  const { unit } = mine;
  const training = unit !== null && (unit.phase === "training" || unit.phase === "assigned");
  const kept = training ? ` “${unit.jobName}” keeps its place at ${stepOf(unit)}.` : "";
  if (mine.code === null) {
    return say("attention", "pause", `Paused by you, until you press Start.${kept}`);
  }
  const { what, next } = explainCode(mine.code);
  // What holds it says with its figures why, and what ends it.
  const why = mine.reason === undefined ? `Paused: ${what}` : `${mine.reason}.`;
  return say("attention", "pause", `${why}${kept}`, `${next} ${mine.code}`);
}

function declinedSentence({ facts }: MineStatus, code: string): StateSentence {
  const { what, next } = explainCode(code);
  const words = factWords(facts);
  const small = `${next} ${words === "" ? code : `${code}: ${words}`}`;
  return say("attention", "wait", `Waiting for work; the newest unit was declined. ${what}`, small);
}

function failedSentence(mine: MineStatus): StateSentence {
  if (mine.code === null) return say("fault", "fault", "Stopped by a fault.");
  const { what, next } = explainCode(mine.code);
  const facts = factWords(mine.facts);
  const named = facts === "" ? mine.code : `${mine.code}: ${facts}`;
  const small = `Safe: ${safeWith(mine.code)} ${next} ${named}`;
  return say("fault", "fault", `Stopped: ${what}`, small);
}

function say(tone: Tone, mark: Mark, text: string, small = ""): StateSentence {
  return { tone, mark, text, small };
}
