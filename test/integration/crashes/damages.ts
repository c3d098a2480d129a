/** Decides how files are damaged, and how what was found is told between processes. */

import type { SeededRandom } from "../../worlds/seeded-random.ts";

/** Kinds of files of a data folder. */
export type DamageKind =
  | "entries"
  | "database"
  | "votes"
  | "genesis"
  | "keys"
  | "config"
  | "receipt"
  | "blob"
  | "checkpoint"
  | "work"
  | "verdict"
  | "result"
  | "tile";

/** One damage: a flipped bit at `at`, or the file cut there. */
export interface Damage {
  readonly kind: DamageKind;
  /** Below the home folder. */
  readonly file: string;
  readonly at: number;
  /** 0 to 7; undefined cuts the file. */
  readonly bit?: number;
}

/** What one way of reading said. */
export interface Look {
  readonly ok: boolean;
  readonly code?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly slots?: number;
  readonly segments?: number;
  readonly found?: boolean;
  /** Whether what was read is what was kept. */
  readonly same?: boolean;
}

/** What became of a damage: check first, then start, where there are both. */
export interface Finding {
  readonly damage: Damage;
  readonly looks: readonly Look[];
}

/** The file as it is after the damage. */
export function damaged(whole: Uint8Array, { at, bit }: Damage): Uint8Array {
  if (bit === undefined) return whole.subarray(0, at);
  const flipped = Uint8Array.from(whole);
  flipped[at] ^= 1 << bit;
  return flipped;
}

/** Damages of a file of that size: flips at drawn places, then cuts. */
export function drawDamages(
  kind: DamageKind,
  file: string,
  size: number,
  counts: { readonly flips: number; readonly cuts: number; readonly random: SeededRandom },
): Damage[] {
  const { flips, cuts, random } = counts;
  return [
    ...Array.from({ length: flips }, () => {
      return { kind, file, at: random.below(size), bit: random.below(8) };
    }),
    ...Array.from({ length: cuts }, () => ({ kind, file, at: random.below(size) })),
  ];
}
