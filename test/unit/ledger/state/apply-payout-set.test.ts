import { describe, expect, it } from "vitest";
import { ACCOUNTS, WORKERS } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";
import { UnitLife } from "../../../worlds/unit-life.ts";

const payout = new Uint8Array(20).fill(5);

describe("ledger/state/apply-payout-set", () => {
  it("pays a unit in flight where the worker says by then", () => {
    const world = new PracticeWorld();
    const life = new UnitLife(world).until("verdict");
    expect(world.codeOf(world.record("worker", { kind: "payout-set", payout }))).toBe("");
    expect(world.row(WORKERS, world.address.worker)?.payout).toEqual(payout);
    life.take("verdict");
    const shareBase = (life.unitRow.priceBase * 85n) / 100n;
    expect(world.row(ACCOUNTS, payout)?.balanceBase).toBe(shareBase);
  });

  it("refuses an account without a bond", () => {
    const world = new PracticeWorld();
    const code = world.codeOf(world.record("owner", { kind: "payout-set", payout }));
    expect(code).toBe("LEDGER_BOND_UNKNOWN");
  });
});
