import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import { bytesToHex, compareBytes } from "../../../src-main/contract/bytes.ts";
import { VIV } from "../../../src-main/ledger/index.ts";
import { ConcentrationReader } from "../../../src-main/node/index.ts";
import { GENESIS, newFolder, openNode, OWNER, STRANGER, transfer } from "./practice-node.ts";
import type { OpenNode } from "./practice-node.ts";

const folder = newFolder();
let open: OpenNode;
beforeAll(async () => {
  open = await openNode(folder);
  for (let nonce = 0n; nonce < 3n; nonce += 1n) {
    const sent = await open.node.submit(transfer(nonce, 100n * VIV));
    expect(sent.ok).toBe(true);
  }
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("concentration of a stored ledger", () => {
  it("names each account that some slot concerns once, ascending", () => {
    const { lists } = open.node;
    const found: Uint8Array[] = [];
    let next = lists.accountAfter();
    while (next !== undefined) {
      found.push(next);
      next = lists.accountAfter(next);
    }
    expect(found).toEqual(found.toSorted(compareBytes));
    expect(new Set(found.map(bytesToHex)).size).toBe(found.length);
    for (const one of [OWNER, STRANGER]) expect(found.map(bytesToHex)).toContain(bytesToHex(one));
    expect(lists.accountAfter(new Uint8Array(20).fill(255))).toBeUndefined();
  });

  it("is that of its own state: one validator, the genesis bonds, every balance", async () => {
    const { node } = open;
    const reader = new ConcentrationReader({ node, genesis: GENESIS, clock: systemClock });
    const found = await reader.read();
    expect(found.commit).toBe(node.head().number);
    const [validator] = GENESIS.validators;
    expect(found.votes).toMatchObject({ holders: 1, total: validator.weight, nakamoto: 1 });
    const bonded = GENESIS.accounts.filter(({ bondedBase }) => bondedBase > 0n);
    expect(found.bonds?.holders).toBe(bonded.length);
    const balances = new Map<string, bigint>();
    const founding = GENESIS.accounts.map(({ address }) => address);
    for (const address of [...founding, OWNER, STRANGER, GENESIS.pool]) {
      balances.set(bytesToHex(address), node.account(address).balanceBase);
    }
    const total = [...balances.values()].reduce((sum, one) => sum + one, 0n);
    expect(found.balances.measure?.total).toBe(total);
    expect(found.balances.circulatingBase).toBe(node.supply().circulatingBase);
    expect(found.work).toMatchObject({ fromCommit: 1n, payments: 0, byWorker: undefined });
    expect(found.work.fromTime).toBeGreaterThan(GENESIS.time);
  });
});
