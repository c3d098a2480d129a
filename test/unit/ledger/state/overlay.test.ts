import { describe, expect, it } from "vitest";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { ACCOUNTS, StateOverlay } from "../../../../src-main/ledger/index.ts";

const address = (at: number) => new Uint8Array(20).fill(at);
const empty = () => new StateOverlay({ get: () => undefined }, sha256);

describe("ledger/state/overlay", () => {
  it("rolls rows and money back to a savepoint", () => {
    const overlay = empty();
    overlay.write(ACCOUNTS, address(1), { balanceBase: 5n });
    const savepoint = overlay.savepoint();
    overlay.write(ACCOUNTS, address(1), undefined);
    overlay.write(ACCOUNTS, address(2), { balanceBase: 9n });
    overlay.write(ACCOUNTS, address(2), { balanceBase: 10n });
    expect(overlay.moneyChangeBase).toBe(10n);
    overlay.rollback(savepoint);
    expect(overlay.moneyChangeBase).toBe(5n);
    expect(overlay.read(ACCOUNTS, address(1))).toEqual({ balanceBase: 5n });
    expect(overlay.read(ACCOUNTS, address(2))).toBeUndefined();
    expect(overlay.changes()).toHaveLength(1);
  });

  it("reports written rows once, deletions included, and rows only read never", () => {
    const overlay = empty();
    overlay.read(ACCOUNTS, address(3));
    overlay.write(ACCOUNTS, address(1), { balanceBase: 5n });
    overlay.write(ACCOUNTS, address(1), { balanceBase: 6n });
    overlay.write(ACCOUNTS, address(2), undefined);
    const values = overlay.changes().map(({ value }) => value?.[0]);
    expect(values).toEqual([6, undefined]);
  });
});
