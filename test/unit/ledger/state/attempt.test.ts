import { describe, expect, it } from "vitest";
import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { ACCOUNTS, StateOverlay } from "../../../../src-main/ledger/index.ts";
import { attempt } from "../../../../src-main/ledger/state/attempt.ts";

const address = new Uint8Array(20);

describe("ledger/state/attempt", () => {
  it("undoes what a refused step wrote and keeps what a successful one did", () => {
    const overlay = new StateOverlay({ get: () => undefined }, sha256);
    attempt(overlay, () => {
      overlay.write(ACCOUNTS, address, { balanceBase: 1n });
      return accept(undefined);
    });
    const refused = attempt(overlay, () => {
      overlay.write(ACCOUNTS, address, { balanceBase: 2n });
      return reject("LEDGER_BALANCE_SHORT");
    });
    expect(refused.ok).toBe(false);
    expect(overlay.read(ACCOUNTS, address)).toEqual({ balanceBase: 1n });
    expect(overlay.moneyChangeBase).toBe(1n);
  });
});
