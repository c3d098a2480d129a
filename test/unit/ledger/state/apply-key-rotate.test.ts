import { describe, expect, it } from "vitest";
import { ACCOUNTS, KEYS, stateFee, pricesAt } from "../../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../../src-main/ledger/index.ts";
import { codeOf, PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const rotate = (key: Uint8Array): PayloadOf<"key-rotate"> => ({ kind: "key-rotate", key });

/** The world after the owner gave its account to the stranger's key. */
function rotated(): PracticeWorld {
  const world = new PracticeWorld();
  expect(world.codeOf(world.record("owner", rotate(world.address.stranger)))).toBe("");
  return world;
}

describe("ledger/state/apply-key-rotate", () => {
  it("lets only the new key sign from the next commit on, nonces going on", () => {
    const world = rotated();
    const pay = transfer(world.address.worker, 1n);
    expect(codeOf(world.execute([world.record("owner", pay)]))).toBe("LEDGER_SIGNER");
    expect(world.nextNonce(world.address.owner)).toBe(1n);
    expect(world.codeOf(world.record("owner", pay, { signer: "stranger" }))).toBe("");
    // The stranger's own account stays the stranger's.
    expect(codeOf(world.execute([world.record("stranger", pay, { signer: "owner" })]))).toBe(
      "LEDGER_SIGNER",
    );
  });

  it("still takes the old key in the rotation's own commit, and the new one not yet", () => {
    const world = new PracticeWorld();
    const { worker, stranger } = world.address;
    const first = world.record("owner", rotate(stranger));
    const old = world.record("owner", transfer(worker, 1n), { nonce: 1n });
    const early = world.record("owner", transfer(worker, 1n), { nonce: 1n, signer: "stranger" });
    expect(codeOf(world.execute([first, early]))).toBe("LEDGER_SIGNER");
    expect(world.commit([first, old]).outcomes.map(({ code }) => code)).toEqual(["", "", ""]);
  });

  it("lends for its row and gives it back when the account's own key returns", () => {
    const world = rotated();
    const row = world.row(KEYS, world.address.owner);
    const prices = pricesAt(world.genesis.constants);
    expect(row?.deposit).toEqual({
      depositor: world.address.owner,
      depositBase: 56n * prices.depositPerByteBase,
    });
    const before = world.row(ACCOUNTS, world.address.owner)?.balanceBase ?? 0n;
    const back = world.record("owner", rotate(world.address.owner), { signer: "stranger" });
    const { feeBase } = world.commit([back]).outcomes[1];
    expect(world.row(KEYS, world.address.owner)).toBeUndefined();
    expect(world.row(ACCOUNTS, world.address.owner)?.balanceBase).toBe(
      before - feeBase + 56n * prices.depositPerByteBase,
    );
    expect(codeOf(world.execute([world.record("owner", rotate(world.address.worker))]))).toBe("");
    expect(stateFee(prices, 0, "key-rotate")).toBe(0n);
  });

  it("can hand on from the new key, which lends nothing more", () => {
    const world = rotated();
    const on = world.record("owner", rotate(world.address.worker), { signer: "stranger" });
    expect(world.codeOf(on)).toBe("");
    const pay = transfer(world.address.worker, 1n);
    expect(world.codeOf(world.record("owner", pay, { signer: "worker" }))).toBe("");
  });

  it("refuses the zero address, which nobody has a key to", () => {
    const world = new PracticeWorld();
    const code = world.codeOf(world.record("owner", rotate(new Uint8Array(20))));
    expect(code).toBe("LEDGER_KEY_NONE");
  });
});
