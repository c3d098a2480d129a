/**
 * Decides how a vector of real numbers becomes an embedding. A convenience of whoever publishes or
 * asks: what counts on the ledger are the int8 numbers that were signed, not where they come from.
 */

import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { EMBEDDING_BYTES_MAX } from "../limits.ts";

const LARGEST = 127;

/**
 * The int8 numbers of a vector: each divided by `largest`, times 127, rounded, halves upwards.
 * @param largest  what becomes ±127, the same for all vectors that are compared (1 for unit
 *                 vectors that use the range badly, else the largest magnitude of the set); larger
 *                 numbers are cut
 * @rejects        LEDGER_VECTOR for none or above 4,096 numbers, one that is not finite, or a
 *                 `largest` that is not above zero
 */
export function quantiseVector(values: ArrayLike<number>, largest: number): Outcome<Int8Array> {
  const count = values.length;
  if (count < 1 || count > EMBEDDING_BYTES_MAX) return reject("LEDGER_VECTOR", { count });
  if (!Number.isFinite(largest) || largest <= 0) return reject("LEDGER_VECTOR", { largest });
  const embedding = new Int8Array(count);
  for (let index = 0; index < count; index += 1) {
    const value = values[index];
    if (!Number.isFinite(value)) return reject("LEDGER_VECTOR", { index });
    const steps = Math.floor((value / largest) * LARGEST + 0.5);
    embedding[index] = Math.max(-LARGEST, Math.min(LARGEST, steps));
  }
  return accept(embedding);
}
