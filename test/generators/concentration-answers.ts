/** Answers of `ledger.concentration` out of amounts, as a daemon would make them. */

import { concentrationAnswer } from "../../src-main/api/handlers/concentration-handlers.ts";
import type { ConcentrationAnswer, Spread } from "../../src-main/contract/control-api/index.ts";
import { measureOf, OVER_A_HALF, OVER_A_THIRD } from "../../src-main/ledger/concentration/index.ts";
import type { Concentration } from "../../src-main/node/index.ts";

/** What a ledger's accounts have. */
export interface Amounts {
  readonly votes?: readonly bigint[];
  readonly bonds?: readonly bigint[];
  readonly workers?: readonly bigint[];
  readonly payouts?: readonly bigint[];
  readonly balances?: readonly bigint[];
}

const SOME: Required<Amounts> = {
  votes: [40n, 30n, 20n, 10n],
  bonds: [10n, 20n, 30n],
  workers: [5n, 5n, 7n, 40n, 12n],
  payouts: [10n, 59n],
  balances: [1n, 2n, 3n, 4n, 90n],
};

/** Concentration as the node reads it. */
export function concentration(amounts: Amounts = SOME): Concentration {
  const { votes = [], bonds = [], workers = [], payouts = [], balances = [] } = amounts;
  return {
    commit: 1_200n,
    time: 1_780_000_000_000n,
    votes: measureOf(votes, OVER_A_THIRD),
    bonds: measureOf(bonds, OVER_A_THIRD),
    work: {
      fromCommit: 1n,
      toCommit: 1_200n,
      fromTime: 1_779_000_000_000n,
      payments: workers.length,
      unattributed: 0,
      byWorker: measureOf(workers, OVER_A_HALF),
      byPayout: measureOf(payouts, OVER_A_HALF),
    },
    balances: {
      measure: measureOf(balances, OVER_A_HALF),
      whole: true,
      circulatingBase: balances.reduce((sum, one) => sum + one, 25n),
    },
  };
}

/** The answer over all of them. */
export function concentrationOf(amounts: Amounts = SOME): ConcentrationAnswer {
  return concentrationAnswer(concentration(amounts));
}

/** How some amounts are spread. */
export function spreadOf(amounts: readonly bigint[]): Spread {
  const { spread } = concentrationOf({ balances: amounts }).balances;
  if (spread === null) throw new Error("nobody has anything");
  return spread;
}
