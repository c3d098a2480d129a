import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  inclusionFee,
  laneDeposit,
  pricesAt,
  stateFee,
} from "../../../../src-main/ledger/index.ts";
import { PracticeWorld, transfer } from "../../../worlds/practice-world.ts";
import type { Who } from "../../../worlds/practice-world.ts";

const held = (world: PracticeWorld, who: Who) =>
  world.row(ACCOUNTS, world.address[who])?.balanceBase ?? 0n;

describe("ledger/state/apply-transfer", () => {
  it("moves the amount, charges the fee and burns it", () => {
    const world = new PracticeWorld();
    const stored = world.record("owner", transfer(world.address.stranger, 5n));
    const prices = pricesAt(world.genesis.constants);
    const payload = transfer(world.address.stranger, 5n);
    // The receiver's row is new: 32 bytes of key and 16 of balance.
    const grown = stateFee(prices, 48, "transfer");
    const feeBase = inclusionFee(prices, stored.length, payload) + grown;
    const before = held(world, "owner");
    const executed = world.commit([stored]);
    expect(executed.outcomes[1]).toEqual({ code: "", feeBase, effects: [] });
    expect(held(world, "stranger")).toBe(5n);
    expect(held(world, "owner")).toBe(before - 5n - feeBase - laneDeposit(prices));
    expect(executed.supply.burnedBase).toBe(feeBase);
  });

  it("refuses to overspend, keeps the slot, takes the fee and uses the nonce", () => {
    const world = new PracticeWorld();
    const before = held(world, "owner");
    const stored = world.record("owner", transfer(world.address.stranger, before));
    const executed = world.commit([stored]);
    expect(executed.outcomes[1].code).toBe("LEDGER_BALANCE_SHORT");
    const lent = laneDeposit(world.genesis.constants);
    expect(held(world, "owner")).toBe(before - executed.outcomes[1].feeBase - lent);
    expect(held(world, "stranger")).toBe(0n);
    expect(world.nextNonce(world.address.owner)).toBe(1n);
    expect(world.head.size).toBe(2n);
  });

  it("cannot spend what a later record of the commit has set aside for its fee", () => {
    const world = new PracticeWorld();
    const { owner, stranger } = world.address;
    const maxFee = 10n ** 17n;
    const all = held(world, "owner") - maxFee - laneDeposit(world.genesis.constants);
    const first = world.record("owner", transfer(stranger, all), { maxFee });
    const second = world.record("owner", transfer(stranger, 0n), { nonce: 1n, maxFee });
    const codes = world.commit([first, second]).outcomes.map(({ code }) => code);
    expect(codes).toEqual(["", "LEDGER_BALANCE_SHORT", ""]);
    expect(world.nextNonce(owner)).toBe(2n);
  });

  it("moves to itself without making or losing anything but the fee", () => {
    const world = new PracticeWorld();
    const before = held(world, "owner");
    const executed = world.commit([world.record("owner", transfer(world.address.owner, 9n))]);
    const lent = laneDeposit(world.genesis.constants);
    expect(held(world, "owner")).toBe(before - executed.outcomes[1].feeBase - lent);
  });

  it("never changes the sum of balances by more than the fees", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2_000n * 10n ** 18n })), (amounts) => {
        const world = new PracticeWorld();
        const total = () => held(world, "owner") + held(world, "stranger");
        const before = total();
        const records = amounts.map((amountBase, at) => {
          const payload = transfer(world.address.stranger, amountBase);
          return world.record("owner", payload, { nonce: BigInt(at) });
        });
        const { supply } = world.commit(records);
        const lent = amounts.length === 0 ? 0n : laneDeposit(world.genesis.constants);
        expect(total()).toBe(before - supply.burnedBase - lent);
      }),
      { numRuns: 30 },
    );
  });
});
