import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src-main/codec/index.ts";
import { inclusionProof, leafHash, sha256 } from "../../../../src-main/crypto/index.ts";
import { receiptCodec, verifyReceipt } from "../../../../src-main/ledger/index.ts";
import type { Receipt } from "../../../../src-main/ledger/index.ts";
import { certify, receiptFor, scheme } from "../../../worlds/certified-world.ts";
import { codeOf, must, PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const world = new PracticeWorld({ keys: "real" });
for (let at = 0; at < 4; at += 1) {
  const payloads = [1n, 10n ** 24n].map((amount) => transfer(world.address.stranger, amount));
  world.commit(
    payloads.map((payload, index) => {
      return world.record("owner", payload, { nonce: BigInt(2 * at + index) });
    }),
  );
}
world.commit();
const context = { hasher: sha256, genesis: world.genesis, scheme };
const check = (receipt: Receipt) => codeOf(verifyReceipt(receipt, context));
const right = receiptFor(world, 4n);
const touched = (bytes: Uint8Array) => {
  const copy = bytes.slice();
  copy[copy.length >> 1] ^= 1;
  return copy;
};

describe("ledger/receipt/receipt", () => {
  it("shows record and outcome of every slot an older commit holds", () => {
    for (let slot = 0n; slot < 12n; slot += 1n) {
      const facts = must(verifyReceipt(receiptFor(world, slot), context));
      const codes = ["", "", "LEDGER_BALANCE_SHORT"];
      expect(facts.outcome.code).toBe(codes[Number(slot % 3n)]);
      expect(facts.record.payload.kind).toBe(slot % 3n === 0n ? "commit" : "transfer");
    }
  });

  it("survives its own bytes", () => {
    const bytes = encode(receiptCodec, right);
    expect(check(must(decode(receiptCodec, bytes)))).toBe("");
  });

  it("refuses any other record, outcome, slot or commit", () => {
    expect(check({ ...right, stored: touched(right.stored) })).toBe("LEDGER_RECEIPT_RECORD");
    expect(check({ ...right, outcome: touched(right.outcome) })).toBe("LEDGER_RECEIPT_OUTCOME");
    expect(check({ ...right, slot: 5n })).toBe("LEDGER_RECEIPT_RECORD");
    expect(check({ ...right, slot: 1n << 60n })).toBe("LEDGER_RECEIPT_EARLY");
    expect(check({ ...right, commit: touched(right.commit) })).toBe("LEDGER_RECEIPT_COMMIT");
    const older = world.commits[2].stored[0];
    expect(check({ ...right, commit: older })).toBe("LEDGER_RECEIPT_COMMIT");
  });

  it("refuses proofs that were cut, grown or exchanged", () => {
    const { recordProof, outcomeProof, commitProof } = right;
    const wrong: [Partial<Receipt>, string][] = [
      [{ recordProof: recordProof.slice(1) }, "LEDGER_RECEIPT_RECORD"],
      [{ recordProof: [...recordProof, recordProof[0]] }, "LEDGER_RECEIPT_RECORD"],
      [{ outcomeProof: recordProof }, "LEDGER_RECEIPT_OUTCOME"],
      [{ outcomeProof: outcomeProof.slice(1) }, "LEDGER_RECEIPT_OUTCOME"],
      [{ commitProof: [] }, "LEDGER_RECEIPT_COMMIT"],
      [{ commitProof: [...commitProof].reverse() }, "LEDGER_RECEIPT_COMMIT"],
    ];
    for (const [change, code] of wrong) expect(check({ ...right, ...change })).toBe(code);
  });

  it("refuses an outcome that another record of the ledger had", () => {
    const refused = receiptFor(world, 5n);
    const { outcome, outcomeProof } = right;
    expect(check({ ...refused, outcome, outcomeProof })).toBe("LEDGER_RECEIPT_OUTCOME");
  });

  it("refuses a slot whose outcome no certified commit names yet", () => {
    expect(check({ ...right, slot: world.head.firstSlot })).toBe("LEDGER_RECEIPT_EARLY");
  });

  it("refuses a signed statement about another commit or another size", () => {
    const newest = world.commits[world.commits.length - 1];
    const heads = [
      { ...newest.head, commitDigest: new Uint8Array(32) },
      { ...newest.head, size: newest.head.size + 1n },
    ];
    for (const head of heads) {
      const certificate = certify(world, { ...newest, head });
      expect(check({ ...right, certificate })).toBe("LEDGER_RECEIPT_COMMIT");
    }
    expect(check({ ...right, certificate: certify(world, newest) })).toBe("");
  });

  it("refuses a commit record that is not the last of the certified vector", () => {
    const older = world.commits[3];
    const stored = world.commits.flatMap((commit) => commit.stored);
    const leaves = stored.map((bytes) => leafHash(sha256, bytes));
    const at = Number(older.head.firstSlot);
    const newest = world.commits[world.commits.length - 1];
    const mixed = { ...newest.head, commitDigest: older.head.commitDigest };
    const forged = {
      ...right,
      commit: older.stored[0],
      commitProof: inclusionProof(sha256, leaves, at),
      certificate: certify(world, { ...newest, head: mixed }),
    };
    expect(check(forged)).toBe("LEDGER_RECEIPT_COMMIT");
  });

  it("refuses a notarization and another network's genesis", () => {
    const newest = world.commits[world.commits.length - 1];
    const notarized = { ...right, certificate: certify(world, newest, "notarize") };
    expect(check(notarized)).toBe("LEDGER_RECEIPT_STATEMENT");
    const other = { ...context, genesis: { ...world.genesis, name: "other" } };
    expect(codeOf(verifyReceipt(right, other))).toBe("LEDGER_CERTIFICATE_NETWORK");
  });
});
