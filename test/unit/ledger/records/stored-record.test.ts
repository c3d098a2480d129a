import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOfSecretKey, nobleSignatures, sha256 } from "../../../../src-main/crypto/index.ts";
import {
  decodeStored,
  decodeStoredCommit,
  recordContext,
  recordId,
  recoverRecord,
  signRecord,
} from "../../../../src-main/ledger/index.ts";
import type { LedgerRecord } from "../../../../src-main/ledger/index.ts";
import { codeOf, must, PracticeWorld } from "../../../worlds/practice-world.ts";

const context = recordContext(sha256, new Uint8Array(32).fill(5));
const secret = new Uint8Array(32).fill(1);
const record: LedgerRecord = {
  account: addressOfSecretKey(secret),
  lane: 0,
  nonce: 0n,
  validUntil: 0n,
  maxFee: 1n,
  payload: { kind: "transfer", to: new Uint8Array(20), amountBase: 1n },
};
const sign = (digest: Uint8Array) => nobleSignatures.sign(digest, secret);

describe("ledger/records/stored-record", () => {
  it("recovers the signer and gives the record back", () => {
    const stored = signRecord(record, context, sign);
    const recovered = must(recoverRecord(stored, context, nobleSignatures));
    expect(recovered.signer).toEqual(record.account);
    expect(recovered.record).toEqual(record);
    expect(recovered.id).toEqual(recordId(record, context));
  });

  it("never recovers the account after any one bit of the slot has changed", () => {
    const stored = signRecord(record, context, sign);
    fc.assert(
      fc.property(fc.nat(8 * stored.length - 1), (bit) => {
        const touched = stored.slice();
        touched[bit >> 3] ^= 1 << (bit & 7);
        const recovered = recoverRecord(touched, context, nobleSignatures);
        if (!recovered.ok) return;
        // A flipped account leaves another account's record with a wrong signer.
        expect(recovered.value.signer).not.toEqual(recovered.value.record.account);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses empty and oversized slots", () => {
    expect(codeOf(decodeStored(new Uint8Array(65)))).toBe("LEDGER_RECORD_SIZE");
    expect(codeOf(decodeStored(new Uint8Array(65_536)))).toBe("LEDGER_RECORD_SIZE");
  });

  it("keeps commit records and accounts' records apart", () => {
    const world = new PracticeWorld({ keys: "real" });
    const commit = world.commitStored(0);
    expect(codeOf(recoverRecord(commit, context, nobleSignatures))).toBe("LEDGER_COMMIT_MISPLACED");
    const stored = signRecord(record, context, sign);
    expect(codeOf(decodeStoredCommit(stored, sha256))).toBe("LEDGER_COMMIT_MISPLACED");
  });

  it("refuses a commit record whose last signature byte is not zero", () => {
    const commit = new PracticeWorld({ keys: "real" }).commitStored(0);
    commit[commit.length - 1] = 1;
    expect(codeOf(decodeStoredCommit(commit, sha256))).toBe("LEDGER_SIGNATURE");
  });
});
