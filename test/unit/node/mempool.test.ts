import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  ACCOUNTS,
  PRACTICE_CONSTANTS,
  pricesAt,
  StateOverlay,
  VIV,
} from "../../../src-main/ledger/index.ts";
import type { SignedRecord, StateView } from "../../../src-main/ledger/index.ts";
import { OPEN_RECORDS_MAX } from "../../../src-main/ledger/limits.ts";
import { MEMPOOL_ACCOUNT_MAX, MEMPOOL_RECORDS_MAX } from "../../../src-main/node/limits.ts";
import { Mempool } from "../../../src-main/node/mempool.ts";

const next = { prices: pricesAt(PRACTICE_CONSTANTS), time: 1_000n };

const address = (seed: number) => {
  const bytes = new Uint8Array(20);
  new DataView(bytes.buffer).setUint32(0, seed);
  return bytes;
};

/** A record as if it had been recovered; its id says account and nonce. */
function signed(account: number, nonce: bigint, validUntil = 0n): SignedRecord {
  const id = new Uint8Array(32);
  new DataView(id.buffer).setUint32(0, account);
  new DataView(id.buffer).setBigUint64(8, nonce);
  const payload = { kind: "transfer" as const, to: address(0), amountBase: 0n };
  const head = { account: address(account), lane: 0, nonce, validUntil, maxFee: VIV / 1_000n };
  const signature = new Uint8Array(65);
  return {
    record: { ...head, payload },
    signature,
    stored: new Uint8Array(300),
    id,
    signer: address(account),
  };
}

/** A state where these accounts are rich. */
function stateOf(accounts: readonly number[]): StateView {
  const overlay = new StateOverlay({ get: () => undefined }, sha256);
  for (const account of accounts) {
    overlay.write(ACCOUNTS, address(account), { balanceBase: 100_000n * VIV });
  }
  const rows = new Map(overlay.changes().map(({ key, value }) => [String(key), value]));
  return { get: (key) => rows.get(String(key)) };
}

const codeOf = (outcome: ReturnType<Mempool["add"]>) => (outcome.ok ? "" : outcome.rejection.code);

describe("mempool", () => {
  it("admits behind what waits and refuses gaps and repeats", () => {
    const pool = new Mempool(sha256, stateOf([1]));
    expect(codeOf(pool.add(signed(1, 0n), next))).toBe("");
    expect(codeOf(pool.add(signed(1, 1n), next))).toBe("");
    expect(codeOf(pool.add(signed(1, 1n), next))).toBe("LEDGER_NONCE_USED");
    expect(codeOf(pool.add(signed(1, 3n), next))).toBe("LEDGER_NONCE_GAP");
    expect(codeOf(pool.add(signed(2, 0n), next))).toBe("LEDGER_FEE_UNCOVERED");
    expect([pool.count, pool.nextNonce(address(1), 0)]).toEqual([2, 2n]);
  });

  it("bounds what one account and all together may hold", () => {
    const accounts = Array.from({ length: 9 }, (_, index) => index + 1);
    const pool = new Mempool(sha256, stateOf(accounts));
    const codes = accounts.flatMap((account) =>
      Array.from({ length: MEMPOOL_ACCOUNT_MAX + 1 }, (_, nonce) =>
        codeOf(pool.add(signed(account, BigInt(nonce)), next)),
      ),
    );
    expect(codes.filter((code) => code === "NODE_ACCOUNT_FULL").length).toBe(7);
    expect(pool.count).toBe(MEMPOOL_RECORDS_MAX);
    expect(codes.at(-1)).toBe("NODE_MEMPOOL_FULL");
  });

  it("takes in order of arrival; refuses what expired and what built on it", async () => {
    const view = stateOf([1, 2]);
    const pool = new Mempool(sha256, view);
    const first = pool.add(signed(1, 0n, 1_500n), next);
    const second = pool.add(signed(1, 1n), next);
    pool.add(signed(2, 0n), next);
    if (!first.ok || !second.ok) throw new Error("both wait");
    const taken = pool.take(view, { ...next, time: 2_000n });
    expect(taken.map(({ signed: { record } }) => record.account)).toEqual([address(2)]);
    expect(await first.value.settled).toMatchObject({ rejection: { code: "LEDGER_EXPIRED" } });
    expect(await second.value.settled).toMatchObject({ rejection: { code: "LEDGER_NONCE_GAP" } });
    pool.sealed(taken, view, next);
    expect(pool.count).toBe(0);
  });

  it("still takes what has a deadline when the open three quarters are full", () => {
    const accounts = Array.from({ length: 8 }, (_, index) => index + 1);
    const view = stateOf(accounts);
    const pool = new Mempool(sha256, view);
    const perAccount = Math.floor(OPEN_RECORDS_MAX / 4);
    for (const account of [1, 2, 3, 4]) {
      for (let nonce = 0; nonce < perAccount; nonce += 1) {
        expect(codeOf(pool.add(signed(account, BigInt(nonce)), next))).toBe("");
      }
    }
    const digest = new Uint8Array(32);
    const open = { kind: "inner-open" as const, unit: digest, openings: [] };
    const reserved = (account: number, nonce: bigint): SignedRecord => {
      const plain = signed(account, nonce);
      return { ...plain, record: { ...plain.record, payload: open } };
    };
    pool.add(signed(5, 0n), next);
    // Behind a record of its own lane that had to stay, it stays too: its nonce would be missing.
    pool.add(reserved(5, 1n), next);
    pool.add(reserved(6, 0n), next);
    const taken = pool.take(view, next);
    expect(taken.length).toBe(OPEN_RECORDS_MAX + 1);
    expect(taken.at(-1)?.signed.record.account).toEqual(address(6));
    expect(pool.count).toBe(OPEN_RECORDS_MAX + 3);
  });
});
