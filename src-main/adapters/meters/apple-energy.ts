/**
 * Decides what Apple's figures mean: channels of IOReport's group "Energy Model", each with a unit
 * of its own, and the text of `powermetrics`. The whole of the processor, of the graphics part and
 * of the neural engine count; single cores and clusters lie within them.
 */

import { Fault } from "../../contract/outcome.ts";

/** A part of the chip. */
export type ApplePart = "cpu" | "gpu" | "ane";

/** A channel as IOReport gives it. */
export interface AppleChannel {
  readonly name: string;
  readonly unit: string;
  /** Counted since the chip's start. */
  readonly value: bigint;
}

/** Of chips made of two dies, each names its own: "DIE_1_CPU Energy". */
const PARTS: Readonly<Record<ApplePart, RegExp>> = {
  cpu: /^(?:DIE_\d+_)?CPU Energy$/,
  gpu: /^(?:DIE_\d+_)?GPU Energy$/,
  ane: /^(?:DIE_\d+_)?ANE\d*(?:_\d+)?$/,
};

/** Units of a millijoule. */
const UNITS: Readonly<Record<string, bigint>> = {
  mJ: 1n,
  uJ: 1_000n,
  µJ: 1_000n,
  nJ: 1_000_000n,
};

/**
 * Millijoules of some parts together, rounded down; null where the chip has none of them.
 * Throws Fault METERS_ANSWER for a unit that is not known.
 */
export function appleMillijoules(
  channels: readonly AppleChannel[],
  parts: readonly ApplePart[],
): number | null {
  const counted = channels.filter(({ name }) => parts.some((part) => PARTS[part].test(name)));
  if (counted.length === 0) return null;
  // In nanojoules, so that roundings do not add up.
  const sum = counted.reduce((total, { name, unit, value }) => {
    const parts_ = Object.hasOwn(UNITS, unit.trim()) ? UNITS[unit.trim()] : undefined;
    if (parts_ === undefined || value < 0n) {
      throw new Fault("METERS_ANSWER", "a channel counts in an unknown unit", { name, unit });
    }
    return total + (value * 1_000_000n) / parts_;
  }, 0n);
  return Number(sum / 1_000_000n);
}

/** Nine digits of milliwatts are a megawatt: no chip, and no number beyond any number. */
const LINES: Readonly<Record<ApplePart, RegExp>> = {
  cpu: /^CPU Power: (\d{1,9}) mW$/m,
  gpu: /^GPU Power: (\d{1,9}) mW$/m,
  ane: /^ANE Power: (\d{1,9}) mW$/m,
};

/**
 * Watts of some parts in the text of `powermetrics --samplers cpu_power,gpu_power`.
 * Throws Fault METERS_ANSWER where a part's line is missing.
 */
export function powermetricsWatts(text: string, parts: readonly ApplePart[]): number {
  const milliwatts = parts.reduce((sum, part) => {
    const found = LINES[part].exec(text.replaceAll("\r", ""))?.[1];
    if (found === undefined) {
      throw new Fault("METERS_ANSWER", "powermetrics did not tell the power", { part });
    }
    return sum + Number(found);
  }, 0);
  return milliwatts / 1_000;
}
