/**
 * Decides how a unit in progress is shown: two lines where they can be redrawn in place, one plain
 * line where they cannot.
 */

import type { Status, UnitPhase, UnitProgress } from "../../contract/control-api/index.ts";
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatTextLoss,
} from "../../contract/units.ts";

/** Widest bar; beyond it a wider terminal gains nothing. */
const BAR_CELLS_MAX = 40;
const BAR_CELLS_MIN = 8;

const PHASE_WORDS: Readonly<Record<UnitPhase, string>> = {
  assigned: "assigned, about to start",
  training: "training",
  sealed: "trained; the result is sealed in the ledger",
  revealed: "result opened; waiting for the draw of segments to check",
  challenged: "segments drawn; a separate process is about to check them",
  verifying: "a separate process is checking",
  accepted: "checked and accepted; waiting for payment",
  paid: "paid",
  disputed: "the check disagrees",
  voided: "ended without pay",
};

/** A status as the two lines of a terminal `columns` wide. */
export function progressLines(status: Status, columns: number): [string, string] {
  const unit = status.mine.unit;
  if (unit === null) return [cut(idleLine(status), columns), ""];
  const share = shareDone(unit);
  const head = `${unit.jobName}  `;
  const tail = ` ${percent(share)}  ${stepText(unit)}`;
  const room = columns - head.length - tail.length - 1;
  const bar = room < BAR_CELLS_MIN ? "" : barOf(share, Math.min(room, BAR_CELLS_MAX));
  return [cut(`${head}${bar}${tail}`, columns), cut(detailText(unit, status), columns)];
}

/** A status as one line for a log or a pipe. */
export function progressLine(status: Status): string {
  const unit = status.mine.unit;
  if (unit === null) return idleLine(status);
  const details = detailText(unit, status);
  return `${unit.jobName}: ${stepText(unit)} (${percent(shareDone(unit)).trim()}), ${details}`;
}

function idleLine(status: Status): string {
  switch (status.mine.state) {
    case "paused":
      return "Paused by its owner; `vivian mine start` goes on.";
    case "finishing":
      return "Finishing; pauses after the unit in hand.";
    case "failed":
      return `Stopped by a fault: ${status.mine.code ?? "unknown"}.`;
    default:
      return status.mine.code === null
        ? "Waiting for work."
        : `Waiting for work; the newest unit was declined: ${status.mine.code}.`;
  }
}

function detailText(unit: UnitProgress, status: Status): string {
  if (status.mine.state === "paused") return "paused by its owner; `vivian mine start` goes on";
  if (unit.phase === "training") return trainingText(unit);
  const words = PHASE_WORDS[unit.phase];
  if (unit.phase !== "verifying" || unit.segmentsDrawn === null) return words;
  const drawn = formatCount(unit.segmentsDrawn);
  return `${words}: ${formatCount(unit.segmentsChecked)} of ${drawn} segments`;
}

function trainingText(unit: UnitProgress): string {
  const parts = ["training"];
  if (unit.loss !== null) parts.push(`loss ${lossText(unit.loss, unit.task)}`);
  if (unit.accuracy !== null) parts.push(`accuracy ${formatPercent(unit.accuracy)}`);
  if (unit.stepsPerSecond !== null) parts.push(`${formatRate(unit.stepsPerSecond)} steps/s`);
  if (unit.trainLeftMs !== null) parts.push(`about ${roughly(unit.trainLeftMs)} left`);
  return parts.join(", ");
}

function lossText(loss: number, task: UnitProgress["task"]): string {
  return task === "text" ? formatTextLoss(loss) : loss.toFixed(3);
}

/** An estimate is told in whole seconds; a fraction would promise more than it can. */
function roughly(leftMs: number): string {
  const seconds = Math.max(1, Math.round(leftMs / 1_000));
  return seconds < 10 ? `${seconds} s` : formatDuration(seconds * 1_000);
}

function stepText(unit: UnitProgress): string {
  return `step ${formatCount(unit.step)} of ${formatCount(unit.steps)}`;
}

function shareDone(unit: UnitProgress): number {
  return unit.steps === 0 ? 0 : Math.min(1, unit.step / unit.steps);
}

/** Whole percent, rounded down: 100 % is said only when every step is done. */
function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}

function barOf(share: number, cells: number): string {
  const full = Math.floor(share * cells);
  return "▓".repeat(full) + "░".repeat(cells - full);
}

/** Ends a line that would wrap: a wrapped line cannot be redrawn in place. */
function cut(text: string, columns: number): string {
  const letters = [...text];
  return letters.length < columns ? text : `${letters.slice(0, columns - 2).join("")}…`;
}
