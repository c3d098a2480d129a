import { describe, expect, it } from "vitest";

import { measureOf, OVER_A_HALF } from "../../../../src-main/ledger/concentration/index.ts";
import type { Concentration } from "../../../../src-main/node/index.ts";
import { spreadMetrics } from "../../../../src-main/processes/daemon/concentration-metrics.ts";
import { MovedClock } from "../../../worlds/moved-clock.ts";

const measure = measureOf([1n, 1n, 2n], OVER_A_HALF);
const found: Concentration = {
  commit: 5n,
  time: 1_000n,
  votes: undefined,
  bonds: measure,
  work: {
    fromCommit: 0n,
    toCommit: 5n,
    fromTime: 0n,
    payments: 0,
    unattributed: 0,
    byWorker: undefined,
    byPayout: undefined,
  },
  balances: { measure, whole: true, circulatingBase: 4n },
};

/** A measuring that ends when the test says so. */
function measured() {
  const clock = new MovedClock(1_700_000_000_000);
  let [reads, end] = [0, () => undefined as void];
  const source = {
    newest: undefined as Concentration | undefined,
    read: () => {
      reads += 1;
      return new Promise<Concentration>((resolve) => {
        end = () => {
          source.newest = found;
          resolve(found);
        };
      });
    },
  };
  return {
    clock,
    source,
    read: spreadMetrics(source, clock),
    end: () => end(),
    reads: () => reads,
  };
}

describe("spreadMetrics", () => {
  it("tells spread, least number and greatest share of what somebody has", async () => {
    const { read, end } = measured();
    const asked = read();
    end();
    expect(await asked).toEqual({
      miner_ledger_gini_ratio: ["bonds", "balances"].map((of) => ({
        labels: { of },
        value: expect.closeTo(1 / 6, 8) as number,
      })),
      miner_ledger_nakamoto_accounts: ["bonds", "balances"].map((of) => ({
        labels: { of },
        value: 2,
      })),
      miner_ledger_greatest_share_ratio: ["bonds", "balances"].map((of) => ({
        labels: { of },
        value: 0.5,
      })),
    });
  });

  it("keeps no scrape waiting for a large ledger, and gives it with a later one", async () => {
    const { clock, read, end, reads } = measured();
    const asked = read();
    clock.pass(500);
    expect(await asked).toEqual({});
    end();
    expect((await read()).miner_ledger_nakamoto_accounts).toHaveLength(2);
    expect(reads()).toBe(1);
    clock.pass(60_000);
    const again = read();
    end();
    await again;
    expect(reads()).toBe(2);
  });

  it("gives what is known where measuring fails", async () => {
    const clock = new MovedClock(0);
    const source = { newest: found, read: () => Promise.reject(new Error("pruned")) };
    const readings = await spreadMetrics(source, clock)();
    expect(readings.miner_ledger_gini_ratio).toHaveLength(2);
  });
});
