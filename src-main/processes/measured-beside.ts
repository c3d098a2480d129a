/**
 * Decides what was measured of a device and the processor beside it, as processes tell it to each
 * other and as it is remembered. What cannot be read was not measured.
 */

const TIERS = ["A", "B", "C"] as const;

/** How good joules are: A a revenue meter, B metered, C a sensor; a model is no measurement. */
export type Tier = (typeof TIERS)[number];

/** One of the two. */
export interface MeasuredSide {
  /** Steps a second and joules a step, where one of each standard step follows the other. */
  readonly stepsPerSecond: number;
  /** Null where it was not metered. */
  readonly joulesPerStep: number | null;
  readonly tier: Tier | null;
  /** Why it was not metered; null where it was. */
  readonly unmetered: string | null;
}

/** Both of them. */
export interface MeasuredBeside {
  /** How many times as fast as the processor the device is, at the least. */
  readonly speedup: number;
  /** Whether energy was asked for; long enough for registers that move slowly. */
  readonly metered: boolean;
  readonly device: MeasuredSide;
  readonly processor: MeasuredSide;
}

/** Characters of a reason. */
const WHY_MAX = 200;

/** A tier by its letter; null where there is no such one. */
export function tierOf(letter: unknown): Tier | null {
  return TIERS.find((tier) => tier === letter) ?? null;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function readSide(value: unknown): MeasuredSide | null {
  if (typeof value !== "object" || value === null) return null;
  const { stepsPerSecond, joulesPerStep, tier, unmetered } = value as Record<string, unknown>;
  if (!isPositive(stepsPerSecond)) return null;
  const letter = tierOf(tier);
  if (isPositive(joulesPerStep) && letter !== null) {
    return { stepsPerSecond, joulesPerStep, tier: letter, unmetered: null };
  }
  const why = typeof unmetered === "string" ? unmetered.slice(0, WHY_MAX) : "not metered";
  return { stepsPerSecond, joulesPerStep: null, tier: null, unmetered: why };
}

/** What a message or a file says; null where it was not measured, or cannot be read. */
export function readBeside(value: unknown): MeasuredBeside | null {
  if (typeof value !== "object" || value === null) return null;
  const { speedup, metered, ...sides } = value as Record<string, unknown>;
  const device = readSide(sides["device"]);
  const processor = readSide(sides["processor"]);
  if (!isPositive(speedup) || device === null || processor === null) return null;
  return { speedup, metered: metered === true, device, processor };
}
