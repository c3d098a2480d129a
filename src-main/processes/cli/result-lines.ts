/**
 * Decides the last words on a unit: what was trained, how well, how it was checked, what it cost,
 * what was paid, and where the proof is. Only what the ledger has paid is stated flatly.
 */

import type { Payment, Status, UnitResult } from "../../contract/control-api/index.ts";
import { explainCode, factsText } from "../../contract/explain.ts";
import {
  formatAccuracy,
  formatCount,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatTextLoss,
  formatViv,
} from "../../contract/units.ts";

/** The lines that end a unit, paid or not. */
export function resultLines(result: UnitResult, status: Status): string[] {
  return result.outcome === "paid" ? paidLines(result, status) : voidedLines(result);
}

function paidLines(result: UnitResult, status: Status): string[] {
  const rate =
    result.stepsPerSecond === null ? "" : `, ${formatRate(result.stepsPerSecond)} steps/s`;
  const lines = [
    `Trained: ${formatNumberOf(result.steps, "step", "steps")}${rate} on ${result.device}`,
  ];
  if (result.holdout !== null) lines.push(holdoutLine(result.holdout));
  lines.push(checkedLine(result));
  lines.push(...costLines(result));
  lines.push(rewardLine(result.payments, status.valueNote));
  if (result.slot !== null) lines.push(recordLine(result.slot, result.receiptFile));
  return lines;
}

/** How well the samples that training never saw are answered; a text's tokens by their loss. */
export function holdoutLine({ correct, total, text }: NonNullable<UnitResult["holdout"]>): string {
  if (text !== null) {
    const unseen = formatNumberOf(total, "unseen token", "unseen tokens");
    return `hold-out loss ${formatTextLoss(text.nats, total, text.bytes)} (${unseen})`;
  }
  const unseen = formatNumberOf(total, "unseen sample", "unseen samples");
  const answered = `${formatCount(correct)} of ${unseen}`;
  return `hold-out accuracy ${formatAccuracy(correct, total)} (${answered})`;
}

function checkedLine(result: UnitResult): string {
  const checked = formatCount(result.segmentsChecked);
  const all = formatNumberOf(result.segments, "segment", "segments");
  const how = result.fullReplay ? "full replay" : "sampled";
  const percent = result.cost.verifyPercent;
  const share =
    percent === null ? "" : `; verification cost ${formatPercent(percent / 100)} of training`;
  return `Checked by a separate process: ${checked} of ${all} (${how}), all equal${share}`;
}

function costLines({ cost }: UnitResult): string[] {
  if (cost.commitPercent === null) return [];
  const share = formatPercent(cost.commitPercent / 100, 2);
  const commit = `Hashing and committing: ${share} of training`;
  if (cost.spotPercent === null) return [commit];
  return [`${commit}; spot checks ${formatPercent(cost.spotPercent / 100, 2)}`];
}

function rewardLine(payments: readonly Payment[], valueNote: string): string {
  const sumOf = (share: Payment["share"] | null) =>
    payments
      .filter((payment) => share === null || payment.share === share)
      .reduce((sum, payment) => sum + BigInt(payment.amountBase), 0n);
  const split = (["worker", "verifiers", "pool"] as const)
    .map((share) => `${share} ${formatViv(sumOf(share))}`)
    .join(", ");
  const note = valueNote === "" ? "" : ` (${valueNote})`;
  // What its owner pays for is not earned: the words must not say so.
  const isOwn = payments.some((payment) => !payment.minted);
  const what = isOwn ? "Price paid from your escrow" : "Reward paid";
  return `${what}: ${formatViv(sumOf(null))}${note}: ${split}`;
}

function recordLine(slot: number, receiptFile: string | null): string {
  const file = receiptFile === null ? "" : `, receipt ${receiptFile}`;
  return `Record slot ${formatCount(slot)}${file}; see it with \`vivian wallet receipt ${slot}\``;
}

function voidedLines(result: UnitResult): string[] {
  const code = result.code ?? "PROCESSES_UNIT_VOIDED";
  const { what, next } = explainCode(code);
  const facts = factsText(result.facts);
  return [
    `The unit ended without pay. ${what}${facts === "" ? "" : ` (${facts})`}`,
    "Safe: the ledger, the keys and what was paid before. The job's price goes back.",
    ...(next === "" ? [] : [`Next: ${next}`]),
  ];
}
