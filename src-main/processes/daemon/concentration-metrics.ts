/**
 * Decides what Prometheus reads of the ledger's concentration: the newest that was measured, which
 * a scrape has measured anew once a minute at most and waits for a moment only. Measuring a large
 * ledger takes its time; a scrape that waited for it would be late.
 */

import type { Readings, Sample } from "../../api/index.ts";
import type { Measure } from "../../ledger/concentration/index.ts";
import type { Concentration } from "../../node/index.ts";
import type { Clock } from "../../ports/clock.ts";

/** Who measures. */
export interface ConcentrationSource {
  readonly newest: Concentration | undefined;
  read(): Promise<Concentration>;
}

/** Votes and money move slowly, and each measuring reads every account. */
const EVERY_MS = 60_000;

/** A small ledger is measured within it. */
const WAIT_MS = 500;

/** Begins with nothing measured; answers how to read the numbers of a moment. */
export function spreadMetrics(source: ConcentrationSource, clock: Clock): () => Promise<Readings> {
  let askedMs: number | null = null;
  return async () => {
    const nowMs = clock.nowMs();
    // A clock that was set back asks anew as well.
    if (askedMs === null || Math.abs(nowMs - askedMs) >= EVERY_MS) {
      askedMs = nowMs;
      await withinWait(source.read(), clock);
    }
    return source.newest === undefined ? {} : readingsOf(source.newest);
  };
}

/** Ends with the measuring, whatever came of it, or after the wait. */
function withinWait(reading: Promise<unknown>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(WAIT_MS, resolve);
    const end = (): void => {
      cancel();
      resolve();
    };
    reading.then(end, end);
  });
}

function readingsOf({ votes, bonds, work, balances }: Concentration): Readings {
  const measures: readonly (readonly [string, Measure | undefined])[] = [
    ["votes", votes],
    ["bonds", bonds],
    ["work-by-worker", work.byWorker],
    ["work-by-payout", work.byPayout],
    ["balances", balances.measure],
  ];
  const samples = (value: (measure: Measure) => number): Sample[] =>
    measures.flatMap(([of, measure]) =>
      measure === undefined ? [] : [{ labels: { of }, value: value(measure) }],
    );
  return {
    miner_ledger_gini_ratio: samples(({ gini }) => quotient(gini)),
    miner_ledger_nakamoto_accounts: samples(({ nakamoto }) => nakamoto),
    miner_ledger_greatest_share_ratio: samples(({ greatest }) => greatest / 10_000),
  };
}

/** To nine places, rounded down; the exact fraction is the ledger's. */
function quotient({ numerator, denominator }: Measure["gini"]): number {
  return Number((numerator * 1_000_000_000n) / denominator) / 1e9;
}
