/** Decides the words, mark and colour of a unit's phase and of a job's state. */

import type { JobState, UnitPhase } from "../../src-main/contract/control-api/job.ts";

/** The meaning a colour carries; never colour alone: an icon and a word stand beside it. */
export type Tone = "calm" | "work" | "attention" | "fault" | "certain";

/** Names of the marks in `elements/icon.svelte`. */
export type Mark =
  | "home"
  | "work"
  | "devices"
  | "rewards"
  | "energy"
  | "wallet"
  | "explorer"
  | "run"
  | "wait"
  | "pause"
  | "check"
  | "seal"
  | "paid"
  | "fault"
  | "stop"
  | "offline"
  | "lock"
  | "finish"
  | "theme"
  | "copy"
  | "open";

/** How something is shown at a glance. */
export interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly mark: Mark;
}

const PHASES: Readonly<Record<UnitPhase, Look>> = {
  assigned: { word: "about to start", tone: "work", mark: "wait" },
  training: { word: "training", tone: "work", mark: "run" },
  sealed: { word: "sealed", tone: "work", mark: "seal" },
  revealed: { word: "opened", tone: "work", mark: "wait" },
  challenged: { word: "drawn for checking", tone: "work", mark: "wait" },
  verifying: { word: "being checked", tone: "work", mark: "check" },
  accepted: { word: "accepted", tone: "work", mark: "check" },
  paid: { word: "paid", tone: "certain", mark: "paid" },
  disputed: { word: "disputed", tone: "attention", mark: "fault" },
  voided: { word: "ended without pay", tone: "fault", mark: "stop" },
};

const STATES: Readonly<Record<JobState, Look>> = {
  waiting: { word: "waiting", tone: "calm", mark: "wait" },
  working: { word: "in hand", tone: "work", mark: "run" },
  done: { word: "paid", tone: "certain", mark: "paid" },
  voided: { word: "ended without pay", tone: "fault", mark: "stop" },
};

/** How a unit's phase looks. */
export function phaseLook(phase: UnitPhase): Look {
  return PHASES[phase];
}

/** How a unit looks that stands still because its owner paused. */
export const PAUSED_LOOK: Look = { word: "paused", tone: "attention", mark: "pause" };

/** How a job's state looks. */
export function jobLook(state: JobState): Look {
  return STATES[state];
}
