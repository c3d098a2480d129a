import { describe, expect, it } from "vitest";
import { CommitRoom } from "../../../../src-main/ledger/index.ts";
import type { Payload, SignedRecord } from "../../../../src-main/ledger/index.ts";
import {
  COMMIT_BYTES_MAX,
  OPEN_BYTES_MAX,
  OPEN_RECORDS_MAX,
} from "../../../../src-main/ledger/limits.ts";
import { codeOf, PracticeWorld, transfer } from "../../../worlds/practice-world.ts";

const digest = new Uint8Array(32);
const seal: Payload = { kind: "unit-seal", unit: digest, seal: digest };
const open: Payload = { kind: "inner-open", unit: digest, openings: [] };

const record = (payload: Payload, bytes = 10): SignedRecord => ({
  record: {
    account: new Uint8Array(20),
    lane: 0,
    nonce: 0n,
    validUntil: 0n,
    maxFee: 0n,
    payload,
  },
  signature: new Uint8Array(65),
  stored: new Uint8Array(bytes),
  id: digest,
  signer: new Uint8Array(20),
});

describe("ledger/execute/run-records", () => {
  it("keeps a quarter of a commit's records for what has a deadline", () => {
    const room = new CommitRoom();
    for (let count = 0; count < OPEN_RECORDS_MAX; count += 1) {
      expect(room.take(record(seal)).ok).toBe(true);
    }
    expect(codeOf(room.take(record(seal)))).toBe("LEDGER_COMMIT_RESERVED");
    expect(codeOf(room.take(record(open)))).toBe("");
    expect(room.bytes).toBe(10 * (OPEN_RECORDS_MAX + 1));
  });

  it("keeps a quarter of its bytes, and takes nothing for what does not fit", () => {
    const room = new CommitRoom();
    expect(codeOf(room.take(record(seal, OPEN_BYTES_MAX)))).toBe("");
    expect(codeOf(room.take(record(seal, 1)))).toBe("LEDGER_COMMIT_RESERVED");
    expect(codeOf(room.take(record(open, COMMIT_BYTES_MAX - OPEN_BYTES_MAX)))).toBe("");
    expect(codeOf(room.take(record(open, 1)))).toBe("LEDGER_COMMIT_BYTES");
    expect(room.bytes).toBe(COMMIT_BYTES_MAX);
  });

  it("makes a commit invalid that takes the reserved quarter for others", () => {
    const world = new PracticeWorld();
    const payload = transfer(world.address.worker, 0n);
    const maxFee = 10n ** 14n;
    const nonces = Array.from({ length: OPEN_RECORDS_MAX + 1 }, (_, at) => BigInt(at));
    const records = nonces.map((nonce) => world.record("owner", payload, { nonce, maxFee }));
    const refused = world.execute(records);
    expect(refused).toMatchObject({
      rejection: { code: "LEDGER_COMMIT_RESERVED", facts: { position: OPEN_RECORDS_MAX } },
    });
    expect(codeOf(world.execute(records.slice(0, 40)))).toBe("");
  }, 60_000);
});
