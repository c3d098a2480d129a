/**
 * Step 7: decides who gets what of a unit's price: 85 % worker, 10 % verifiers, the exact rest to
 * the pool (ARCHITECTURE.md section 8).
 */

import { invariant } from "../contract/outcome.ts";

/** The three parts of a price; they add up to it exactly. */
export interface PriceSplit {
  readonly worker: bigint;
  readonly verifiers: bigint;
  readonly pool: bigint;
}

const WORKER_PERCENT = 85n;
const VERIFIERS_PERCENT = 10n;

/**
 * Splits a unit's price. Rounding goes down for worker and verifiers, so splitting one payment
 * into several never pays them more; the pool takes what rounding leaves.
 */
export function splitPrice(priceBase: bigint): PriceSplit {
  invariant(priceBase >= 0n, "a price is not negative");
  const worker = (priceBase * WORKER_PERCENT) / 100n;
  const verifiers = (priceBase * VERIFIERS_PERCENT) / 100n;
  return { worker, verifiers, pool: priceBase - worker - verifiers };
}
