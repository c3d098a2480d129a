/**
 * Decides how amounts and measures are written for people. One place, so that the terminal, the
 * page and the logs say the same number in the same way. Amounts are integers of the smallest
 * unit (10^-18 VIV) everywhere else; only here do they get a decimal point.
 */

import { invariant } from "./outcome.ts";

/** Decimals of the native token. */
export const VIV_DECIMALS = 18;

/** Smallest units in one VIV. */
export const BASE_PER_VIV = 10n ** 18n;

/** Digits of a small amount that are shown: enough to tell it from nothing. */
const SMALL_DIGITS = 2;

/**
 * An amount as people read it, never more than is there: two decimals ("12.40 VIV"), and where
 * those would say nothing, the first two digits that are not zero ("0.00063 VIV").
 */
export function formatViv(amountBase: bigint): string {
  const sign = amountBase < 0n ? "-" : "";
  const magnitude = amountBase < 0n ? -amountBase : amountBase;
  const whole = groupDigits((magnitude / BASE_PER_VIV).toString());
  const digits = (magnitude % BASE_PER_VIV).toString().padStart(VIV_DECIMALS, "0");
  const leading = magnitude > 0n && magnitude < BASE_PER_VIV ? digits.search(/[1-9]/) : 0;
  return `${sign}${whole}.${digits.slice(0, leading + SMALL_DIGITS)} VIV`;
}

/** The exact amount as a decimal number of VIV, no grouping, no trailing zeros ("12.4"). */
export function exactViv(amountBase: bigint): string {
  const sign = amountBase < 0n ? "-" : "";
  const magnitude = amountBase < 0n ? -amountBase : amountBase;
  const whole = (magnitude / BASE_PER_VIV).toString();
  const digits = (magnitude % BASE_PER_VIV).toString().padStart(VIV_DECIMALS, "0");
  const fraction = digits.replace(/0+$/, "");
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** Reads what `exactViv` writes; null for anything else, more than 18 decimals included. */
export function parseViv(text: string): bigint | null {
  const match = /^(-?)(0|[1-9][0-9]{0,38})(?:\.([0-9]{1,18}))?$/.exec(text);
  if (match === null) return null;
  const fraction = (match[3] ?? "").padEnd(VIV_DECIMALS, "0");
  const magnitude = BigInt(match[2]) * BASE_PER_VIV + BigInt(fraction);
  return match[1] === "-" ? -magnitude : magnitude;
}

/** A count with its thousands set apart by spaces ("10 482"). */
export function formatCount(count: number): string {
  invariant(Number.isSafeInteger(count), "a count is a safe integer");
  return count < 0 ? `-${groupDigits(String(-count))}` : groupDigits(String(count));
}

/** One of a thing or several of it: "1 slot", "10 482 slots". */
export function formatNumberOf(count: number, one: string, several: string): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}

/** A span of time in at most two units: "850 ms", "9.4 s", "1 min 10 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return pair(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** A size in binary units: "512 B", "1.5 KiB", "15.6 GiB". */
export function formatBytes(bytes: number): string {
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < names.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${names[unit]}`;
}

/** A share as a percentage ("0.4 %"); a positive share too small to show says "less than". */
export function formatPercent(share: number, decimals = 1): string {
  const least = 10 ** -decimals;
  const percent = share * 100;
  if (percent > 0 && percent < least / 2) return `less than ${least.toFixed(decimals)} %`;
  return `${percent.toFixed(decimals)} %`;
}

/** How many of how many as a percentage with one decimal, rounded down: never claims too much. */
export function formatAccuracy(correct: number, total: number): string {
  invariant(total > 0 && correct >= 0 && correct <= total, "accuracy is taken over samples");
  return `${(Math.floor((correct * 1_000) / total) / 10).toFixed(1)} %`;
}

/** Larger than any vocabulary: such a guess is worse than none, and its number says nothing. */
const PERPLEXITY_SHOWN = 1e6;

/**
 * How well a text is foretold, from the mean loss of a token: in nats, as the number of tokens one
 * would have to guess among, and where the bytes of the tokens are known as bits for each byte,
 * which compares tokens of any kind.
 */
export function formatTextLoss(nats: number, tokens = 0, bytes: number | null = null): string {
  const words = [`${nats.toFixed(3)} nats per token`];
  const perplexity = Math.exp(nats);
  if (perplexity < PERPLEXITY_SHOWN) words.push(`perplexity ${formatRate(perplexity)}`);
  if (bytes !== null && bytes > 0) {
    words.push(`${((nats * tokens) / (Math.LN2 * bytes)).toFixed(3)} bits per byte`);
  }
  return words.join(", ");
}

/** A rate with the precision its size deserves: "0.42", "8.3", "214". */
export function formatRate(rate: number): string {
  if (rate >= 100) return groupDigits(String(Math.round(rate)));
  return rate >= 1 ? rate.toFixed(1) : rate.toFixed(2);
}

/** A digest or an address shortened in the middle ("7f31…a1c0"); short text stays whole. */
export function shortHex(text: string): string {
  const start = text.startsWith("0x") ? 6 : 4;
  return text.length <= start + 5 ? text : `${text.slice(0, start)}…${text.slice(-4)}`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(?:[0-9]{3})+$)/g, " ");
}
