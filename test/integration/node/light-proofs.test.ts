import { rmSync } from "node:fs";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  nativeEd25519Verify,
  nativeSha256,
} from "../../../src-main/adapters/native-crypto/index.ts";
import type { Outcome } from "../../../src-main/contract/outcome.ts";
import { ed25519Scheme, stateKey } from "../../../src-main/ledger/index.ts";
import {
  ACCOUNTS,
  advanceTrust,
  checkFeed,
  checkOutcome,
  checkRecord,
  checkRow,
  FEEDS,
  trustCheckpoint,
  trustGenesis,
} from "../../../src-main/ledger/light/index.ts";
import type { LightUpdate, TrustedView } from "../../../src-main/ledger/light/index.ts";
import {
  GENESIS,
  newFolder,
  openNode,
  OWNER,
  SettableClock,
  STRANGER,
  transfer,
} from "./practice-node.ts";
import type { OpenNode } from "./practice-node.ts";

const DAY_MS = 86_400_000;
const folder = newFolder();
const clock = new SettableClock();
const scheme = ed25519Scheme(nativeEd25519Verify);
let open: OpenNode;
let nonce = 0n;

const must = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.rejection.code);
  return outcome.value;
};

const follow = (from: TrustedView, updates: readonly LightUpdate[]): TrustedView =>
  updates.reduce((view, update) => {
    const needs = { hasher: nativeSha256, scheme, nowMs: BigInt(clock.nowMs()) };
    return must(advanceTrust(view, update, needs));
  }, from);

const genesis = () => trustGenesis(nativeSha256, GENESIS);
const begun = (): TrustedView => ({ ...genesis(), time: BigInt(clock.nowMs()) });

async function pay(times = 1): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    must(await open.node.submit(transfer(nonce)));
    nonce += 1n;
  }
}

beforeAll(async () => {
  // The clock stands on the day of the genesis, so that days can pass from there.
  clock.shiftMs = Number(GENESIS.time) - clock.nowMs() + 1_000;
  open = await openNode(folder, { clock, retention: 8 });
  await pay(3);
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("node/light-proofs", () => {
  it("leads from the genesis to the newest commit, and on from any", async () => {
    const { light } = open.node;
    const first = follow(genesis(), must(light.updates(0n)));
    expect(first.number).toBe(open.node.head().number);
    await pay(2);
    const further = follow(first, must(light.updates(first.number)));
    expect(further).toEqual(follow(genesis(), must(light.updates(0n))));
    expect(must(light.updates(further.number))).toEqual([]);
    expect(light.updates(further.number + 1n)).toMatchObject({
      rejection: { code: "NODE_COMMIT" },
    });
  });

  it("proves every slot, its outcome and its commit against a commit that covers it", async () => {
    const { light } = open.node;
    const view = follow(genesis(), must(light.updates(0n)));
    await pay();
    for (let slot = 0n; slot < view.vectorSize; slot += 1n) {
      const claims = must(light.slot(slot, view.number));
      const bytes = claims.stored ?? new Uint8Array();
      must(checkRecord(nativeSha256, view, { slot, bytes, proof: claims.path }));
      if (slot < view.firstSlot) {
        const { bytes: outcome, path } = claims.outcome!;
        must(checkOutcome(nativeSha256, view, { slot, bytes: outcome, proof: path }));
      } else expect(claims.outcome).toBeUndefined();
      const { heldBy } = claims;
      const claim = { slot: heldBy.slot, bytes: heldBy.stored!, proof: heldBy.path };
      const { record } = must(checkRecord(nativeSha256, view, claim));
      if (record.payload.kind !== "commit") throw new Error("a commit record holds a slot");
      const { firstSlot, recordCount } = record.payload;
      expect(slot >= firstSlot && slot <= firstSlot + BigInt(recordCount)).toBe(true);
    }
    expect(light.slot(view.vectorSize, view.number)).toMatchObject({
      rejection: { code: "NODE_SLOT" },
    });
  });

  it("proves rows, absence and a whole feed; a changed row and a hidden slot are seen", () => {
    const { light, lists } = open.node;
    const view = follow(genesis(), must(light.updates(0n)));
    const keys = [OWNER, STRANGER].map((one) => stateKey(nativeSha256, "accounts", one));
    const feedKey = stateKey(nativeSha256, "feeds", OWNER);
    const nobody = stateKey(nativeSha256, "accounts", new Uint8Array(20).fill(9));
    const [owner, stranger, feed, none] = must(light.rows([...keys, feedKey, nobody], view.number));
    expect(
      must(checkRow(nativeSha256, view, ACCOUNTS, STRANGER, stranger))?.balanceBase,
    ).toBeTypeOf("bigint");
    expect(
      must(checkRow(nativeSha256, view, ACCOUNTS, new Uint8Array(20).fill(9), none)),
    ).toBeUndefined();
    const altered = {
      ...owner,
      bytes: Uint8Array.from(owner.bytes!, (byte, at) => (at === 3 ? byte ^ 1 : byte)),
    };
    expect(checkRow(nativeSha256, view, ACCOUNTS, OWNER, altered)).toMatchObject({
      rejection: { code: "LEDGER_LIGHT_STATE" },
    });
    const slots = lists.feed(OWNER, 1_000).filter((slot) => slot < view.firstSlot);
    must(checkFeed(nativeSha256, view, OWNER, slots, feed));
    expect(checkFeed(nativeSha256, view, OWNER, slots.slice(1), feed)).toMatchObject({
      rejection: { code: "LEDGER_LIGHT_FEED" },
    });
    expect(must(checkRow(nativeSha256, view, FEEDS, OWNER, feed))).toBeDefined();
    expect(lists.feedFrom(OWNER, slots[2], 2)).toEqual(slots.slice(2, 4));
  });

  it("leads through days, idle ones among them, long after their states are gone", async () => {
    for (const days of [1, 1, 3, 1]) {
      clock.shiftMs += days * DAY_MS;
      await pay(3);
    }
    await pay(20);
    expect(open.node.oldestState()).toBeGreaterThan(20);
    const updates = must(open.node.light.updates(0n));
    const view = follow(begun(), updates);
    expect(view.number).toBe(open.node.head().number);
    expect(view.epoch).toBe(6n);
    // To the end of day 1 at once, then day by day, over the idle days with one commit.
    expect(updates).toHaveLength(5);
  });

  it("begins at a commit that the owner names, with the validators of its own state", () => {
    const { number, commitDigest, size, vectorRoot } = open.node.head();
    const checkpoint = { commitDigest, vectorSize: size, vectorRoot };
    const update = must(open.node.light.start(number));
    const needs = { hasher: nativeSha256, scheme, nowMs: BigInt(clock.nowMs()) };
    const view = must(trustCheckpoint(genesis(), checkpoint, update, needs));
    expect(view.number).toBe(number);
    const other = { ...checkpoint, vectorRoot: new Uint8Array(32) };
    expect(trustCheckpoint(genesis(), other, update, needs)).toMatchObject({
      rejection: { code: "LEDGER_LIGHT_CHECKPOINT" },
    });
    expect(open.node.light.start(1n)).toMatchObject({ rejection: { code: "NODE_PRUNED" } });
  });

  it("says what is gone of a pruned slot, and proves the rest", async () => {
    await Promise.all(
      Array.from({ length: 260 }, (_, at) => open.node.submit(transfer(nonce + BigInt(at)))),
    );
    nonce += 260n;
    await pay(3);
    must(await open.node.prune(256n));
    const head = open.node.head();
    expect(open.node.light.updates(0n)).toMatchObject({ rejection: { code: "NODE_PRUNED" } });
    const checkpoint = {
      commitDigest: head.commitDigest,
      vectorSize: head.size,
      vectorRoot: head.vectorRoot,
    };
    const needs = { hasher: nativeSha256, scheme, nowMs: BigInt(clock.nowMs()) };
    const update = must(open.node.light.start(head.number));
    const view = must(trustCheckpoint(genesis(), checkpoint, update, needs));
    const claims = must(open.node.light.slot(7n, view.number));
    expect(claims.stored).toBeUndefined();
    expect(claims.heldBy.stored).toBeUndefined();
    const { bytes, path } = claims.outcome!;
    must(checkOutcome(nativeSha256, view, { slot: 7n, bytes, proof: path }));
  });
});
