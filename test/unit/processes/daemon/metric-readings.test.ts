import { describe, expect, it } from "vitest";

import type { Effect } from "../../../../src-main/ledger/index.ts";
import type { CommitNews, UnitView } from "../../../../src-main/node/index.ts";
import { metricReadings } from "../../../../src-main/processes/daemon/metric-readings.ts";

const own = new Uint8Array(20).fill(1);
const other = new Uint8Array(20).fill(2);
const ownUnit = new Uint8Array(32).fill(3);
const otherUnit = new Uint8Array(32).fill(4);
const VIV = 10n ** 18n;

function counted() {
  let tell: (news: CommitNews) => void = () => undefined;
  const read = metricReadings({
    node: {
      onCommit: (listener) => ((tell = listener), () => undefined),
      unit: (id) => ({ worker: id[0] === 3 ? own : other }) as UnitView,
    },
    accounts: [{ role: "worker", address: own }],
    mineState: () => "working",
    sensors: () =>
      Promise.resolve({
        celsius: [{ name: "a", value: 40 }],
        limitWatts: [],
        throttledSeconds: [],
      }),
  });
  const commit = (...effects: Effect[]) =>
    tell({
      number: 1n,
      firstSlot: 0n,
      time: 5_000n,
      effects: effects.map((effect) => ({ slot: 0n, effect })),
    });
  return { read, commit };
}

const pay = (
  to: Uint8Array,
  share: "pool" | "verifiers" | "worker",
  amountBase: bigint,
): Effect => ({
  kind: "paid",
  unit: ownUnit,
  to,
  amountBase,
  share,
  minted: true,
});

describe("metricReadings", () => {
  it("begins at zero, with the state the miner is in", async () => {
    const readings = await counted().read();
    expect(readings.miner_work_units_total).toEqual([
      { labels: { result: "paid" }, value: 0 },
      { labels: { result: "voided" }, value: 0 },
    ]);
    expect(readings.miner_state?.filter(({ value }) => value === 1)).toEqual([
      { labels: { state: "working" }, value: 1 },
    ]);
    expect(readings.miner_last_success_timestamp_seconds).toEqual([]);
    expect(readings.miner_energy_joules_total).toBe(undefined);
  });

  it("counts a paid unit once, and every share that came to this machine", async () => {
    const { read, commit } = counted();
    commit(
      { kind: "accepted", unit: ownUnit },
      pay(own, "worker", 10n * VIV + VIV / 2n),
      pay(own, "verifiers", VIV),
      pay(other, "pool", 7n * VIV),
    );
    const readings = await read();
    expect(readings.miner_work_units_total?.[0].value).toBe(1);
    expect(readings.miner_proofs_total).toEqual([
      { labels: { result: "accepted" }, value: 1 },
      { labels: { result: "disputed" }, value: 0 },
    ]);
    expect(readings.miner_reward_units_total?.[0].value).toBe(11.5);
    expect(readings.miner_last_success_timestamp_seconds?.[0].value).toBe(5);
  });

  it("leaves out what happened to others", async () => {
    const { read, commit } = counted();
    commit(
      { kind: "accepted", unit: otherUnit },
      { kind: "voided", unit: otherUnit, code: "LEDGER_UNIT_LATE" },
      pay(other, "worker", VIV),
    );
    commit({ kind: "voided", unit: ownUnit, code: "LEDGER_UNIT_LATE" });
    const readings = await read();
    expect(readings.miner_work_units_total?.map(({ value }) => value)).toEqual([0, 1]);
    expect(readings.miner_proofs_total?.map(({ value }) => value)).toEqual([0, 0]);
    expect(readings.miner_reward_units_total?.[0].value).toBe(0);
  });
});
