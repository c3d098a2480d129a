/** A daemon whose settings keep only the newest records: what goes, what stays, what is said. */

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { readDiskLedger } from "../../../src-main/adapters/disk/index.ts";
import { systemClock, systemEntropy } from "../../../src-main/adapters/host/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import type { ControlClient } from "../../../src-main/api/index.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { nobleSignatures } from "../../../src-main/crypto/index.ts";
import { readHead, recordContext, signRecord, VIV } from "../../../src-main/ledger/index.ts";
import { openNetwork } from "../../../src-main/processes/daemon/founding.ts";
import { makeLonger } from "../crashes/longer-ledger.ts";
import { codeOf, connected } from "../wallet/wallet-world.ts";
import { TestHome } from "./run-vivian.ts";

const KEPT = 4_096;
/** An eighth more comes together before the older ones go. */
const SLACK = KEPT / 8;
const RUN = 256;
/** Calls of one connection that may wait at once. */
const BURST = 24;
/** Above the slots that are kept, and not by whole runs. */
const RECORDS = KEPT + SLACK + 100;

const floorAt = (slots: number) => slots - KEPT - ((slots - KEPT) % RUN);

describe("the setting that keeps only the newest records", () => {
  const home = new TestHome(
    `[mining]\nengine = "reference"\nstart = false\n[ledger]\nkeep_payloads = ${KEPT}\n`,
  );
  let floor = 0;
  let before: ReturnType<typeof stored>;
  let client: ControlClient;

  const up = async (): Promise<void> => {
    expect(await home.run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
    client = await connected(home);
  };
  const stop = async (): Promise<void> => {
    client.close();
    expect(await home.run(["stop"])).toMatchObject({ code: 0 });
  };
  /** What the stopped folder holds: its head with all roots, its floor. */
  const stored = () => {
    const store = readDiskLedger(home.folder.ledger);
    const head = readHead(store.head() ?? new Uint8Array(0));
    const { payloads } = store.floors();
    void store.close();
    if (!head.ok) throw new Error(head.rejection.code);
    return { head: head.value, payloads };
  };
  const pruned = (slot: number) =>
    vi.waitFor(
      async () => expect(await codeOf(client, "ledger.get", { slot })).toBe("NODE_PRUNED"),
      {
        timeout: 20_000,
        interval: 50,
      },
    );

  beforeAll(async () => {
    await up();
    await stop();
    await makeLonger(home.folder, RECORDS);
    before = stored();
    floor = floorAt(Number(before.head.size));
  }, 60_000);
  afterAll(() => home.remove());

  it("prunes the older ones at the start, and no root changes", async () => {
    expect([before.payloads, floor]).toEqual([0, 2 * RUN]);
    await up();
    await pruned(floor - 1);
    expect(await codeOf(client, "ledger.get", { slot: 17 })).toBe("NODE_PRUNED");
    expect(await codeOf(client, "ledger.get", { slot: floor })).toBe("");
    expect(await codeOf(client, "ledger.prove", { slot: 17 })).toBe("");
    expect(await codeOf(client, "ledger.outcome", { slot: 17 })).toBe("");
    await stop();
    expect(stored()).toEqual({ head: before.head, payloads: floor });
  }, 60_000);

  it("keeps to it after a restart, and the rest verifies", async () => {
    await up();
    const report = await client.call("ledger.verify", {}, 60_000);
    expect(report).toMatchObject({ value: { ok: true, prunedBelow: floor } });
    expect(await codeOf(client, "ledger.get", { slot: floor - 1 })).toBe("NODE_PRUNED");
    expect(await codeOf(client, "ledger.get", { slot: floor })).toBe("");
  }, 60_000);

  it("prunes again while it runs, once an eighth more has come together", async () => {
    const needs = { hasher: nativeSha256, clock: systemClock, entropy: systemEntropy };
    const { genesisHash, keys } = openNetwork(home.folder, needs);
    const { address: account, secret } = keys.owner;
    const context = recordContext(nativeSha256, genesisHash);
    const payload = { kind: "transfer", to: keys.worker.address, amountBase: 1n } as const;
    const send = (nonce: number) => {
      const head = { account, lane: 9, nonce: BigInt(nonce), validUntil: 0n, maxFee: VIV / 10n };
      const sign = (digest: Uint8Array) => nobleSignatures.sign(digest, secret);
      const record = bytesToHex(signRecord({ ...head, payload }, context, sign));
      return codeOf(client, "ledger.submit", { record });
    };
    for (let sent = 0; sent < SLACK + RUN; sent += BURST) {
      const burst = Array.from({ length: BURST }, (_, at) => send(sent + at));
      expect(new Set(await Promise.all(burst))).toEqual(new Set([""]));
      if (sent === 0) expect(await codeOf(client, "ledger.get", { slot: floor })).toBe("");
    }
    await pruned(floor);
    const report = await client.call("ledger.verify", {}, 60_000);
    expect(report).toMatchObject({ value: { ok: true } });
    if (report.ok) expect(report.value.prunedBelow).toBeGreaterThan(floor);
    await stop();
  }, 90_000);
});
