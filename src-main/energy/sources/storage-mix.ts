/**
 * Decides what charged the energy that a store gives back. What the own plant makes in a row goes
 * into the store first; what the store takes beyond it came from elsewhere, that is from the grid.
 * Inside, the two are mixed, and what is given back has the mix of what is inside at that time.
 *
 *   own charged     = min(charged, own generation of the row)
 *   unseen          = what is left of it × the part of the plant's time in which nobody saw what
 *                     the store took, rounded up; it may all have gone in, so it meets no load
 *   own given back  = given back × own inside ÷ all inside, rounded down
 *
 * Energy that was never seen going in is nobody's: it counts as the grid's. Losses are not made up:
 * what was put in and does not come back stays inside with its mix, up to what a full store holds,
 * where that is known; above it the store cannot have it any more, whoever's it was. So over any
 * time no more of the own plant's energy comes out than went in.
 */

/** What is inside of a store, in whole units; every figure here is in the same unit. */
export interface StoreContent {
  /** Put in by the own plant. */
  readonly own: number;
  /** Put in by anybody else. */
  readonly other: number;
}

/** A row's energy around a store. */
export interface StoreFlow {
  /** Made by the own plant. */
  readonly generated: number;
  readonly charged: number;
  readonly discharged: number;
}

/** What a row leaves. */
export interface MixedFlow {
  readonly content: StoreContent;
  /** Of the charged: out of what the own plant made. */
  readonly ownCharged: number;
  /** Of the discharged: put in by the own plant. */
  readonly ownDischarged: number;
}

/** Nothing that is known of. */
export const EMPTY_STORE: StoreContent = { own: 0, other: 0 };

/** Part of a whole number by a ratio of two, rounded down; exact however large they are. */
function partOf(whole: number, part: number, of: number): number {
  return Number((BigInt(whole) * BigInt(part)) / BigInt(of));
}

/** How a time was seen by the meter of what a store takes. */
export interface SeenRow {
  readonly quality: "measured" | "modelled" | "gap-filled";
  readonly measuredMs: number;
}

/** Milliseconds of rows in which it is known what a store took: a register knows all of a gap. */
export function seenMs(rows: readonly SeenRow[], rowMs: number): number {
  let sum = 0;
  for (const row of rows) sum += row.quality === "gap-filled" ? rowMs : row.measuredMs;
  return sum;
}

/**
 * What the own plant made while nobody saw what the store took.
 * @param left   what it made beyond what is known to have gone in, a whole number
 * @param seen   time of the store's meter
 * @param whole  time of the plant's own
 */
export function unseenOf(left: number, seen: number, whole: number): number {
  return seen >= whole ? 0 : left - partOf(left, Math.max(0, Math.floor(seen)), whole);
}

/**
 * A row of a store: first it is charged, then it gives.
 * @param capacity  what a full store holds; null: unknown
 */
export function mixedFlow(
  content: StoreContent,
  { generated, charged, discharged }: StoreFlow,
  capacity: number | null,
): MixedFlow {
  const ownCharged = Math.min(charged, generated);
  const own = content.own + ownCharged;
  const other = content.other + charged - ownCharged;
  const given = Math.min(discharged, own + other);
  const ownDischarged = given === 0 ? 0 : partOf(given, own, own + other);
  // The part of a unit that was rounded away is taken from the others' while there is any.
  const othersGone = Math.min(other, given - ownDischarged);
  const left = { own: own - (given - othersGone), other: other - othersGone };
  return { content: withinCapacity(left, capacity), ownCharged, ownDischarged };
}

function withinCapacity({ own, other }: StoreContent, capacity: number | null): StoreContent {
  if (capacity === null || own + other <= capacity) return { own, other };
  const kept = partOf(capacity, own, own + other);
  return { own: kept, other: capacity - kept };
}
