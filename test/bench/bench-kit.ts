/** Decides what a benchmark works with: how much it does, whom it may ask, where it prints. */

import type { BenchLine } from "./bench-line.ts";

/**
 * How much is measured. "full" for figures to report, "quick" for a look, "tiny" so that a test
 * can run every path.
 */
export type BenchSize = "full" | "quick" | "tiny";

/** What a benchmark is given. */
export interface BenchKit {
  readonly size: BenchSize;
  /** Whether other programs are asked in the same run. */
  readonly peers: boolean;
  readonly print: (line: BenchLine) => void;
  /** Something a reader must know that is no figure, such as a peer that is not installed. */
  readonly note: (text: string) => void;
}

/** Picks by size. */
export function bySize<T>(kit: BenchKit, full: T, quick: T, tiny: T): T {
  if (kit.size === "full") return full;
  return kit.size === "quick" ? quick : tiny;
}

/** Stops a benchmark whose result is wrong: a fast wrong answer is no figure. */
export function mustHold(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not measured, because the result is wrong: ${what}`);
}
