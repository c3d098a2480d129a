/** Decides how concentration is answered: as the node read it, amounts as text. */

import type { ConcentrationAnswer, Spread } from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import { tenThousandths } from "../../ledger/concentration/index.ts";
import type { Measure, Ratio } from "../../ledger/concentration/index.ts";
import type { Concentration, ConcentrationReader } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";

/** Who reads it. */
export type ConcentrationSource = Pick<ConcentrationReader, "read">;

/** The handler. */
export function concentrationHandlers(
  source: ConcentrationSource,
): Pick<Handlers, "ledger.concentration"> {
  return {
    "ledger.concentration": async () => accept(concentrationAnswer(await source.read())),
  };
}

/** Concentration as the control API has it. */
export function concentrationAnswer(found: Concentration): ConcentrationAnswer {
  const { commit, time, votes, bonds, work, balances } = found;
  return {
    commit: Number(commit),
    timeMs: Number(time),
    votes: spreadOf(votes),
    bonds: spreadOf(bonds),
    work: {
      fromCommit: Number(work.fromCommit),
      toCommit: Number(work.toCommit),
      fromMs: work.fromTime === undefined ? null : Number(work.fromTime),
      payments: work.payments,
      unattributed: work.unattributed,
      byWorker: spreadOf(work.byWorker),
      byPayout: spreadOf(work.byPayout),
    },
    balances: {
      spread: spreadOf(balances.measure),
      whole: balances.whole,
      circulatingBase: String(balances.circulatingBase),
    },
    deviceClasses: null,
  };
}

function spreadOf(measure: Measure | undefined): Spread | null {
  if (measure === undefined) return null;
  const { holders, total, gini, nakamoto, over, greatest, lorenz } = measure;
  return {
    holders,
    total: String(total),
    gini: tenThousandths(gini),
    giniExact: ratioText(gini),
    nakamoto,
    over: ratioText(over),
    greatest,
    lorenz: [...lorenz],
  };
}

function ratioText({ numerator, denominator }: Ratio): Spread["giniExact"] {
  return { numerator: String(numerator), denominator: String(denominator) };
}
