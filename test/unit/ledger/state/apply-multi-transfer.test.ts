import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCOUNTS } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { countedMoney } from "../../../worlds/counted-money.ts";
import { PracticeWorld } from "../../../worlds/practice-world.ts";

const address = (seed: number) => new Uint8Array(20).fill(seed);

const pay = (amounts: readonly bigint[]): PayloadOf<"multi-transfer"> => ({
  kind: "multi-transfer",
  transfers: amounts.map((amountBase, at) => ({ to: address(at + 1), amountBase })),
  memo: new Uint8Array(0),
});

const held = (world: PracticeWorld, of: Uint8Array) => world.row(ACCOUNTS, of)?.balanceBase ?? 0n;

describe("ledger/state/apply-multi-transfer", () => {
  it("moves every amount", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", pay([3n, 5n])))).toBe("");
    expect([held(world, address(1)), held(world, address(2))]).toEqual([3n, 5n]);
  });

  it("moves nothing when the sum is not there, though each amount is", () => {
    const world = new PracticeWorld();
    const most = held(world, world.address.owner) - 10n ** 18n;
    expect(world.codeOf(world.record("owner", pay([most, most])))).toBe("LEDGER_BALANCE_SHORT");
    expect(held(world, address(1))).toBe(0n);
  });

  it("refuses a list without receivers", () => {
    const world = new PracticeWorld();
    expect(world.codeOf(world.record("owner", pay([])))).toBe("LEDGER_TRANSFERS_EMPTY");
  });

  it("pays one receiver named twice both times", () => {
    const world = new PracticeWorld();
    const twice = pay([3n, 5n]);
    const transfers = twice.transfers.map((one) => ({ ...one, to: address(9) }));
    expect(world.codeOf(world.record("owner", { ...twice, transfers }))).toBe("");
    expect(held(world, address(9))).toBe(8n);
  });

  it("makes and loses nothing, whatever is asked for", () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 400n * 10n ** 18n }), { maxLength: 5 });
    fc.assert(
      fc.property(amounts, (each) => {
        const world = new PracticeWorld();
        const { supply } = world.commit([world.record("owner", pay(each))]);
        const others = each.map((_, at) => address(at + 1));
        expect(countedMoney(world, { others })).toBe(supply.genesisBase - supply.burnedBase);
      }),
      { numRuns: 30 },
    );
  });
});
