import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  StateOverlay,
  stateViewOver,
  UNBONDINGS,
  WORKERS,
} from "../../../../src-main/ledger/index.ts";
import { slash, writeBond, writeUnbondings } from "../../../../src-main/ledger/state/bonds.ts";
import { balanceOf, totalsOf } from "../../../../src-main/ledger/state/money.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const world = new PracticeWorld();
const address = (seed: number) => new Uint8Array(20).fill(seed);
const reporter = address(200);

/** An overlay in which accounts 1, 2, … have these bonds and parts on their way out. */
function bonded(accounts: readonly { bond: bigint; leaving: readonly bigint[] }[]): StateOverlay {
  const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
  for (const [index, { bond, leaving }] of accounts.entries()) {
    const row = world.row(WORKERS, world.address.worker);
    if (row === undefined) throw new Error("the worker has a bond");
    writeBond(overlay, address(index + 1), { ...row, bondedBase: bond });
    const parts = leaving.map((amountBase, at) => ({ due: BigInt(at), amountBase }));
    writeUnbondings(overlay, address(index + 1), parts);
  }
  return overlay;
}

const amount = fc.bigInt({ min: 1n, max: 10_000n });
const anyBond = fc.record({ bond: amount, leaving: fc.array(amount, { maxLength: 4 }) });

describe("ledger/state/bonds", () => {
  it("slashes exactly the stated part, what is leaving first, and makes no VIV", () => {
    fc.assert(
      fc.property(anyBond, fc.nat(1_000), (held, permille) => {
        const overlay = bonded([held]);
        const before = overlay.moneyChangeBase;
        const burned = totalsOf(overlay).burnedBase;
        const whole = held.bond + held.leaving.reduce((sum, part) => sum + part, 0n);
        const { amountBase, rewardBase } = slash(overlay, address(1), permille, reporter);
        expect(amountBase).toBe((whole * BigInt(permille)) / 1_000n);
        expect(rewardBase).toBe(amountBase / 10n);
        expect(balanceOf(overlay, reporter)).toBe(rewardBase);
        expect(totalsOf(overlay).burnedBase - burned).toBe(amountBase - rewardBase);
        expect(before - overlay.moneyChangeBase).toBe(amountBase - rewardBase);
        const leaving = overlay.read(UNBONDINGS, address(1)) ?? [];
        const left = leaving.reduce((sum, part) => sum + part.amountBase, 0n);
        const bond = overlay.read(WORKERS, address(1))?.bondedBase ?? 0n;
        expect(left + bond).toBe(whole - amountBase);
        if (bond < held.bond) expect(left).toBe(0n);
      }),
    );
  });

  it("never rewards more for a bond that is split over accounts", () => {
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 2, maxLength: 6 }),
        fc.nat(1_000),
        (parts, permille) => {
          const split = bonded(parts.map((bond) => ({ bond, leaving: [] })));
          const whole = bonded([
            { bond: parts.reduce((sum, part) => sum + part, 0n), leaving: [] },
          ]);
          let rewards = 0n;
          for (const index of parts.keys()) {
            rewards += slash(split, address(index + 1), permille, reporter).rewardBase;
          }
          const { rewardBase } = slash(whole, address(1), permille, reporter);
          expect(rewards <= rewardBase).toBe(true);
        },
      ),
    );
  });
});
