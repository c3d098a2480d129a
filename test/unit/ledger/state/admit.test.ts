import { describe, expect, it } from "vitest";
import { addressOfSecretKey, nobleSignatures, sha256 } from "../../../../src-main/crypto/index.ts";
import {
  admit,
  inclusionFee,
  pricesAt,
  recordContext,
  signRecord,
  StateOverlay,
  stateViewOver,
} from "../../../../src-main/ledger/index.ts";
import { codeOf, must, PracticeWorld, secretOf, transfer } from "../../../worlds/practice-world.ts";
import type { RecordTouch, Who } from "../../../worlds/practice-world.ts";

const world = new PracticeWorld();
const pay = transfer(world.address.stranger, 1n);
const prices = pricesAt(world.genesis.constants);

/** The code a commit with this one record is refused with. */
const refusal = (who: Who, touch: RecordTouch) =>
  codeOf(world.execute([world.record(who, pay, touch)]));

describe("ledger/state/admit", () => {
  it("admits a right record", () => {
    expect(refusal("owner", {})).toBe("");
  });

  it("refuses a nonce gap and leaves the overlay untouched", () => {
    const overlay = new StateOverlay(stateViewOver(world.readPage), sha256);
    const signed = must(world.needs.recoverRecord(world.record("owner", pay, { nonce: 1n })));
    const time = world.genesis.time;
    const admission = { prices, time };
    expect(codeOf(admit(overlay, signed, admission))).toBe("LEDGER_NONCE_GAP");
    expect(overlay.changes()).toEqual([]);
  });

  it("refuses a replay, in the same commit and in a later one", () => {
    const fresh = new PracticeWorld();
    const stored = fresh.record("owner", pay);
    expect(codeOf(fresh.execute([stored, stored]))).toBe("LEDGER_NONCE_USED");
    fresh.commit([stored]);
    expect(codeOf(fresh.execute([stored]))).toBe("LEDGER_NONCE_USED");
  });

  it("refuses a record of another network", () => {
    const real = new PracticeWorld({ keys: "real" });
    const record = {
      account: real.address.owner,
      lane: 0,
      nonce: 0n,
      validUntil: 0n,
      maxFee: 10n ** 17n,
      payload: pay,
    };
    const elsewhere = recordContext(sha256, sha256(Uint8Array.of(1)));
    const stored = signRecord(record, elsewhere, (digest) =>
      nobleSignatures.sign(digest, secretOf("owner")),
    );
    expect(["LEDGER_SIGNER", "LEDGER_SIGNATURE"]).toContain(codeOf(real.execute([stored])));
  });

  it("refuses another key than the account's", () => {
    expect(refusal("owner", { signer: "stranger" })).toBe("LEDGER_SIGNER");
    expect(addressOfSecretKey(secretOf("owner"))).toEqual(world.address.owner);
  });

  it("counts nonces by lane, so devices never wait for each other", () => {
    const first = world.record("owner", pay, { lane: 7 });
    const second = world.record("owner", pay, { lane: 4_000_000_000 });
    expect(codeOf(world.execute([first, second]))).toBe("");
    expect(refusal("owner", { lane: 7, nonce: 1n })).toBe("LEDGER_NONCE_GAP");
  });

  it("refuses what is no longer valid and takes what is valid to the millisecond", () => {
    const time = world.genesis.time + 50n;
    expect(refusal("owner", { validUntil: time })).toBe("");
    expect(refusal("owner", { validUntil: time - 1n })).toBe("LEDGER_EXPIRED");
  });

  it("refuses a maximum fee below the fee or above the balance", () => {
    const length = world.record("owner", pay).length;
    const feeBase = inclusionFee(prices, length, pay);
    expect(refusal("owner", { maxFee: feeBase })).toBe("");
    expect(refusal("owner", { maxFee: feeBase - 1n })).toBe("LEDGER_FEE_LOW");
    expect(refusal("owner", { maxFee: 10n ** 22n })).toBe("LEDGER_FEE_UNCOVERED");
    expect(refusal("stranger", {})).toBe("LEDGER_FEE_UNCOVERED");
  });

  it("refuses records whose maximum fees together exceed the balance", () => {
    const maxFee = 600n * 10n ** 18n;
    const records = [0n, 1n].map((nonce) => world.record("owner", pay, { nonce, maxFee }));
    const refused = world.execute(records);
    expect(codeOf(refused)).toBe("LEDGER_FEE_UNCOVERED");
    expect(refused).toMatchObject({ rejection: { facts: { position: 1 } } });
  });

  it("refuses money that only arrives in the same commit", () => {
    const fresh = new PracticeWorld();
    const gift = fresh.record("owner", transfer(fresh.address.stranger, 10n ** 18n));
    const use = fresh.record("stranger", transfer(fresh.address.owner, 1n));
    expect(codeOf(fresh.execute([gift, use]))).toBe("LEDGER_FEE_UNCOVERED");
  });

  it("charges a longer record more", () => {
    const longer = inclusionFee(prices, 201, pay) - inclusionFee(prices, 200, pay);
    expect(longer).toBe(prices.feePerByteBase);
  });
});
