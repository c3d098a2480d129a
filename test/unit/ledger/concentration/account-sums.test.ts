import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccountSums } from "../../../../src-main/ledger/concentration/index.ts";
import type { Owned } from "../../../../src-main/ledger/concentration/index.ts";

const account = (name: number): Uint8Array => new Uint8Array(20).fill(name);

function sumsByAccount(owned: readonly Owned[]): bigint[] {
  const sums = new AccountSums();
  for (const one of owned) sums.add(one);
  return sums.amounts();
}

describe("ledger/concentration/account-sums", () => {
  it("joins what one account was paid in parts", () => {
    const owned = [
      { account: account(1), amountBase: 5n },
      { account: account(2), amountBase: 7n },
      { account: account(1), amountBase: 6n },
    ];
    expect(sumsByAccount(owned)).toEqual([11n, 7n]);
    expect(sumsByAccount([])).toEqual([]);
  });

  it("neither adds nor loses anything", () => {
    const one = fc.record({
      account: fc.nat(6).map(account),
      amountBase: fc.bigInt({ min: 0n, max: 1n << 100n }),
    });
    fc.assert(
      fc.property(fc.array(one), (owned) => {
        const before = owned.reduce((sum, { amountBase }) => sum + amountBase, 0n);
        expect(sumsByAccount(owned).reduce((sum, part) => sum + part, 0n)).toBe(before);
      }),
    );
  });
});
