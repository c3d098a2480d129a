import { describe, expect, it } from "vitest";
import { ACCOUNTS, brokenGenesisRule, VIV, WORKERS } from "../../../../src-main/ledger/index.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

describe("ledger/genesis/practice", () => {
  it("follows section 7: 1,000 VIV, two views, 50 ms, founders bonded with fee money", () => {
    const world = new PracticeWorld();
    const { constants, name } = world.genesis;
    expect(name).toBe("practice");
    expect(constants).toMatchObject({ challengeDelayViews: 2n, commitIntervalMs: 50n });
    expect(world.row(ACCOUNTS, world.address.owner)?.balanceBase).toBe(1_000n * VIV);
    for (const who of ["worker", "verifier"] as const) {
      expect(world.row(ACCOUNTS, world.address[who])?.balanceBase).toBeGreaterThan(VIV);
      const row = world.row(WORKERS, world.address[who]);
      expect(row?.bondedBase).toBeGreaterThanOrEqual(10n * 100n * VIV);
      expect(row?.payout).toEqual(world.address.owner);
    }
    expect(brokenGenesisRule(world.genesis)).toBeUndefined();
  });
});
