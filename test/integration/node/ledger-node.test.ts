import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { ed25519Verify, verifyInclusion } from "../../../src-main/crypto/index.ts";
import { ed25519Scheme, verifyReceipt, VIV } from "../../../src-main/ledger/index.ts";
import { CRYPTO, GENESIS, newFolder, OWNER, openNode, SettableClock } from "./practice-node.ts";
import { STRANGER, transfer } from "./practice-node.ts";
import type { OpenNode, OpenOptions } from "./practice-node.ts";

const opened: { folder: string; nodes: OpenNode[] }[] = [];
afterEach(async () => {
  for (const { folder, nodes } of opened.splice(0)) {
    for (const node of nodes) await node.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

function place() {
  const entry = { folder: newFolder(), nodes: [] as OpenNode[] };
  opened.push(entry);
  return async (options: OpenOptions = {}) => {
    const node = await openNode(entry.folder, options);
    entry.nodes.push(node);
    return node;
  };
}

async function sealed(open: OpenNode, nonce: bigint, amountBase = 1n) {
  const outcome = await open.node.submit(transfer(nonce, amountBase));
  if (!outcome.ok) throw new Error(outcome.rejection.code);
  return outcome.value;
}

const receiptContext = {
  hasher: CRYPTO.hasher,
  genesis: GENESIS,
  scheme: ed25519Scheme(ed25519Verify),
};

describe("ledger-node", () => {
  it("answers a submission with its slot and outcome once it is stored", async () => {
    const open = await place()();
    const { node, store } = open;
    const news: bigint[] = [];
    node.onCommit(({ number }) => void news.push(number));
    const done = await sealed(open, 0n, 5n);
    expect([done.slot, done.outcome.code]).toEqual([1n, ""]);
    expect(store.size()).toBe(2);
    expect(node.account(STRANGER).balanceBase).toBe(5n);
    expect(node.nextNonce(OWNER, 0)).toBe(1n);
    expect(node.slotOf(done.id)).toBe(1n);
    expect(news).toEqual([1n]);
  });

  it("gives the same answer to the same bytes submitted twice", async () => {
    const { node } = await place()();
    const stored = transfer(0n);
    const [one, two] = await Promise.all([node.submit(stored), node.submit(stored)]);
    expect(one).toEqual(two);
    expect((await node.submit(stored)).ok).toBe(false);
  });

  it("refuses gaps, used nonces, other keys and expired records with their codes", async () => {
    const open = await place()();
    const { node } = open;
    await sealed(open, 0n);
    const codeOf = async (stored: Uint8Array) => {
      const outcome = await node.submit(stored);
      return outcome.ok ? "" : outcome.rejection.code;
    };
    expect(await codeOf(transfer(0n))).toBe("LEDGER_NONCE_USED");
    expect(await codeOf(transfer(2n))).toBe("LEDGER_NONCE_GAP");
    expect(await codeOf(transfer(1n, 1n, { account: STRANGER }))).toBe("LEDGER_SIGNER");
    expect(await codeOf(transfer(1n, 1n, { validUntil: 1n }))).toBe("LEDGER_EXPIRED");
    expect(await codeOf(transfer(1n, 1n, { maxFee: 0n }))).toBe("LEDGER_FEE_LOW");
    const damaged = transfer(1n);
    damaged[damaged.length - 1] = 99;
    expect(await codeOf(damaged)).toBe("LEDGER_SIGNATURE");
    const refused = await node.submit(transfer(1n, 10_000n * VIV));
    expect(refused.ok && refused.value.outcome.code).toMatch(/^LEDGER_/);
  });

  it("seals a burst in order, and lists it newest first", async () => {
    const open = await place()();
    const burst = Array.from({ length: 300 }, (_, nonce) =>
      open.node.submit(transfer(BigInt(nonce))),
    );
    const outcomes = await Promise.all(burst);
    const slots = outcomes.map((outcome) => (outcome.ok ? outcome.value.slot : -1n));
    expect([...slots].sort((a, b) => Number(a - b))).toEqual(slots);
    expect(open.node.account(STRANGER).balanceBase).toBe(300n);
    const history = open.node.history(STRANGER, 3);
    expect(history.map(({ slot }) => slot)).toEqual(slots.slice(-3).reverse());
    expect(history[0]).toMatchObject({ what: "transfer in", change: "in", amountBase: 1n });
    const proof = open.node.prove(slots[10]);
    if (!proof.ok) throw new Error(proof.rejection.code);
    const { leafHash, path, vectorRoot, vectorSize } = proof.value;
    const claim = { leafHash, index: Number(slots[10]), size: Number(vectorSize), proof: path };
    expect(verifyInclusion(CRYPTO.hasher, vectorRoot, claim)).toBe(true);
  });

  it("gives receipts that verify against the genesis alone", async () => {
    const open = await place()();
    const done = await sealed(open, 0n);
    for (const slot of [0n, done.slot, open.node.head().firstSlot]) {
      const receipt = await open.node.receipt(slot);
      if (!receipt.ok) throw new Error(receipt.rejection.code);
      const verified = verifyReceipt(receipt.value, receiptContext);
      expect(verified.ok && verified.value.slot).toBe(slot);
      const forged = { ...receipt.value, outcome: Uint8Array.from([1, ...receipt.value.outcome]) };
      expect(verifyReceipt(forged, receiptContext).ok).toBe(false);
    }
    expect((await open.node.receipt(10_000n)).ok).toBe(false);
  });

  it("falls silent when nothing is due, after a commit that names the last outcomes", async () => {
    const clock = new SettableClock();
    const open = await place()({ clock });
    const second = new Promise<void>((resolve) => {
      open.node.onCommit(({ number }) => number === 2n && resolve());
    });
    await sealed(open, 0n);
    await second;
    await open.node.stop();
    expect([open.node.head().number, clock.waiting]).toEqual([2n, 0]);
  });

  it("goes on above its last time when the clock is set back, and says so once", async () => {
    const clock = new SettableClock();
    const open = await place()({ clock });
    await sealed(open, 0n);
    const before = open.node.head().time;
    clock.shiftMs = -3_600_000;
    await sealed(open, 1n);
    await sealed(open, 2n);
    expect(open.node.head().time).toBeGreaterThan(before);
    expect(open.node.head().time).toBeLessThan(before + 2_000n);
    const warnings = open.log.lines.filter((line) => line.startsWith("warn"));
    expect(warnings).toEqual(["warn the machine's clock is behind the ledger's time"]);
    clock.shiftMs = 0;
    await sealed(open, 3n);
    expect((await open.node.verify()).ok).toBe(true);
  });

  it("goes on exactly where it stopped", async () => {
    const reopen = place();
    const first = await reopen();
    await sealed(first, 0n);
    await first.close();
    const head = first.store.size();
    const second = await reopen();
    expect(second.store.size()).toBeGreaterThanOrEqual(head);
    expect(second.node.account(STRANGER).balanceBase).toBe(1n);
    await sealed(second, 1n);
    const report = await second.node.verify();
    expect(report).toMatchObject({ ok: true, code: undefined });
    await second.close();
  });

  it("refuses what waits when it stops, and everything after", async () => {
    const reopen = place();
    const open = await reopen();
    const waiting = open.node.submit(transfer(0n));
    await open.close();
    const outcome = await waiting;
    const after = await open.node.submit(transfer(1n));
    expect(after).toMatchObject({ ok: false, rejection: { code: "NODE_STOPPED" } });
    const again = await reopen();
    expect(again.node.account(STRANGER).balanceBase).toBe(outcome.ok ? 1n : 0n);
  });

  it("derives its indexes again when they are gone", async () => {
    const reopen = place();
    const open = await reopen();
    await sealed(open, 0n);
    const history = open.node.history(OWNER, 10);
    await open.store.replaceIndex([]);
    expect(open.node.history(OWNER, 10)).toEqual([]);
    await open.close();
    const again = await reopen();
    expect(again.node.history(OWNER, 10)).toEqual(history);
    expect((await again.node.verify()).ok).toBe(true);
  });
});
