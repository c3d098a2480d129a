/** The commits that a traced process stores, known from their numbers alone. */

import type { CommitBatch } from "../../../src-main/ports/ledger-store.ts";
import { SeededRandom } from "../../worlds/seeded-random.ts";

const text = (words: string) => new TextEncoder().encode(words);

const recordsOf = (number: number) => {
  const random = new SeededRandom(number);
  return Array.from({ length: 1 + (number % 3) }, () => random.bytes(1 + random.below(900)));
};

/** Slots of the commits up to that number. */
export function slotsUpTo(number: number): number {
  let slots = 0;
  for (let each = 1; each <= number; each += 1) slots += 1 + (each % 3);
  return slots;
}

/** Commit `number`: rows that stay, rows that are replaced, and rows that are deleted again. */
export function storeCommit(number: number): CommitBatch {
  const firstSlot = slotsUpTo(number - 1);
  const records = recordsOf(number);
  const filler = new SeededRandom(number + 500).bytes(1_500);
  return {
    number,
    firstSlot,
    records,
    outcomes: records.map((_, index) => text(`outcome ${firstSlot + index}`)),
    pages: [
      { key: text("page"), bytes: filler },
      { key: text(`page ${number}`), bytes: filler },
      { key: text(`page ${number - 2}`), bytes: undefined },
    ],
    tiles: [{ tree: "vector", level: 0, index: 0, hashes: filler.subarray(0, 1_024) }],
    index: records.map((_, index) => ({ key: text(`row ${firstSlot + index}`), bytes: filler })),
    certificate: text(`certificate ${number}`),
    head: text(`head ${number}`),
  };
}
