import { describe, expect, it } from "vitest";
import { decode } from "../../../../src-main/codec/index.ts";
import { compareBytes } from "../../../../src-main/contract/bytes.ts";
import type {
  CommitRecord,
  Effect,
  LedgerRecord,
  Payload,
  RecordOutcome,
} from "../../../../src-main/ledger/index.ts";
import { historyEntryCodec } from "../../../../src-main/node/history/history-entry.ts";
import {
  feedPrefix,
  grantPrefix,
  historyPrefix,
  idKey,
  indexRowsOf,
  ROW_KINDS,
  slotBytes,
  unitsOfPrefix,
} from "../../../../src-main/node/history/index-rows.ts";

const address = (fill: number) => new Uint8Array(20).fill(fill);
const digest = (fill: number) => new Uint8Array(32).fill(fill);
const [OWNER, OTHER, WORKER, VERIFIER] = [1, 2, 3, 4].map(address);

const record = (payload: Payload): LedgerRecord => {
  return { account: OWNER, lane: 0, nonce: 0n, validUntil: 0n, maxFee: 9n, payload };
};

/** The fields the rows look at; the others do not matter here. */
const commitAt = (firstSlot: bigint): CommitRecord => {
  const payload = { kind: "commit", firstSlot, time: 77n } as unknown as CommitRecord["payload"];
  return record(payload) as CommitRecord;
};

const outcome = (code = "", effects: readonly Effect[] = []): RecordOutcome => {
  return { code, feeBase: 2n, effects };
};

const transfer = record({ kind: "transfer", to: OTHER, amountBase: 5n });
const create = record({
  kind: "job-create",
  specification: new Uint8Array(1),
  listing: 0,
  escrowBase: 8n,
});

const beginsWith = (key: Uint8Array, prefix: Uint8Array) =>
  compareBytes(key.subarray(0, prefix.length), prefix) === 0;

const ROWS = indexRowsOf({
  commit: commitAt(100n),
  records: [
    { record: transfer, id: digest(11) },
    { record: create, id: digest(12) },
    { record: transfer, id: digest(13) },
  ],
  outcomes: [
    outcome("", [
      { kind: "assigned", unit: digest(21), job: digest(12), worker: WORKER, verifier: VERIFIER },
      {
        kind: "paid",
        unit: digest(20),
        to: WORKER,
        amountBase: 85n,
        share: "worker",
        minted: true,
      },
      { kind: "refunded", job: digest(19), to: OWNER, amountBase: 3n },
    ]),
    outcome(),
    outcome(),
    outcome("LEDGER_BALANCE_SHORT"),
  ],
});

/** The history of an account, newest first, as "slot what change amount code". */
function historyOf(account: Uint8Array): string[] {
  const rows = ROWS.filter(({ key }) => beginsWith(key, historyPrefix(account)));
  rows.sort((left, right) => compareBytes(left.key, right.key));
  return rows.map(({ bytes }) => {
    const entry = decode(historyEntryCodec, bytes);
    if (!entry.ok) throw new Error(entry.rejection.code);
    const { slot, what, change, amountBase, code } = entry.value;
    return `${slot} ${what} ${change} ${amountBase} ${code}`.trim();
  });
}

describe("index-rows", () => {
  it("tells each account what happened to it, newest first", () => {
    expect(historyOf(OWNER)).toEqual([
      "103 transfer none 0 LEDGER_BALANCE_SHORT",
      "102 job-create out 8",
      "101 transfer out out 5",
      "100 refunded in 3",
    ]);
    expect(historyOf(OTHER)).toEqual(["101 transfer in in 5"]);
    expect(historyOf(WORKER)).toEqual([
      "100 paid worker in 85",
      "100 unit assigned to train none 0",
    ]);
    expect(historyOf(VERIFIER)).toEqual(["100 unit assigned to verify none 0"]);
  });

  it("lists jobs, units, units of a job and slots by id", () => {
    const valuesUnder = (prefix: Uint8Array) =>
      ROWS.filter(({ key }) => beginsWith(key, prefix)).map(({ bytes }) => bytes);
    expect(valuesUnder(Uint8Array.of(ROW_KINDS.job))).toEqual([digest(12)]);
    expect(valuesUnder(Uint8Array.of(ROW_KINDS.unit))).toEqual([digest(21)]);
    expect(valuesUnder(unitsOfPrefix(digest(12)))).toEqual([digest(21)]);
    expect(valuesUnder(idKey(digest(13)))).toEqual([slotBytes(103n)]);
  });

  it("never gives two rows one key", () => {
    expect(new Set(ROWS.map(({ key }) => String(key))).size).toBe(ROWS.length);
  });

  it("list the slots that concern an account, ascending, refused ones of its own too", () => {
    const feedOf = (account: Uint8Array) => {
      const rows = ROWS.filter(({ key }) => beginsWith(key, feedPrefix(account)));
      rows.sort((left, right) => compareBytes(left.key, right.key));
      return rows.map(({ key }) => new DataView(key.buffer, key.byteOffset + 21).getBigUint64(0));
    };
    expect(feedOf(OWNER)).toEqual([100n, 101n, 102n, 103n]);
    expect(feedOf(OTHER)).toEqual([101n]);
    expect(feedOf(WORKER)).toEqual([100n]);
    expect(feedOf(address(9))).toEqual([]);
  });

  it("list publications and grants that were applied, newest first", () => {
    const publish = record({
      kind: "publish",
      what: "model",
      name: "m",
      content: digest(1),
      about: "",
      tags: [],
      collection: "",
      embedding: new Uint8Array(),
    });
    const grant = record({
      kind: "grant",
      subject: digest(7),
      keyEpoch: 0,
      to: OTHER,
      wrapped: new Uint8Array(1),
    });
    const rows = indexRowsOf({
      commit: commitAt(5n),
      records: [
        { record: publish, id: digest(31) },
        { record: grant, id: digest(32) },
        { record: publish, id: digest(33) },
        { record: grant, id: digest(34) },
      ],
      outcomes: [outcome(), outcome(), outcome(), outcome(), outcome("LEDGER_KEY_EPOCH")],
    });
    const listed = (prefix: Uint8Array) => {
      const found = rows.filter(({ key }) => beginsWith(key, prefix));
      found.sort((left, right) => compareBytes(left.key, right.key));
      return found.map(({ bytes }) => bytes);
    };
    expect(listed(Uint8Array.of(ROW_KINDS.publication))).toEqual([digest(33), digest(31)]);
    expect(listed(grantPrefix(digest(7), OTHER))).toEqual([digest(32)]);
    expect(listed(grantPrefix(digest(7), OWNER))).toEqual([]);
  });
});
