import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEnergyDatabase } from "../../../src-main/adapters/disk/index.ts";
import { accept, reject } from "../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { mergedRow } from "../../../src-main/energy/index.ts";
import { daySecret } from "../../../src-main/energy/report/index.ts";
import type { PayloadOf } from "../../../src-main/ledger/index.ts";
import type { EnergyStore } from "../../../src-main/ports/energy-store.ts";
import {
  ANCHOR_DELAY_MS,
  DayAnchors,
} from "../../../src-main/processes/daemon/reports/anchor-days.ts";
import {
  DAY_END,
  DAY_START,
  GENESIS,
  PLUG,
  rowsOf,
  STATEMENT,
  WORKER_SECRET,
} from "../../worlds/energy-day.ts";

const DAY = DAY_START / 86_400_000;
type Anchor = PayloadOf<"energy-anchor">;

let folder: string;
let store: EnergyStore;
let ledger: { day: number; root: Uint8Array; slot: bigint } | undefined;
let sent: Anchor[];
let refusal: string;
let nowMs: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-anchors-"));
  store = openEnergyDatabase(folder, { merge: mergedRow });
  store.identify(DAY_START, PLUG);
  store.write({ rows: rowsOf("plug-desk", () => 100), states: [] });
  [ledger, sent, refusal, nowMs] = [undefined, [], "", DAY_END + ANCHOR_DELAY_MS];
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @param cutOff  the daemon ends after the ledger took the record, before it is noted */
function anchors(cutOff = false): DayAnchors {
  return new DayAnchors({
    hasher: sha256,
    store,
    nowMs: () => nowMs,
    statement: STATEMENT,
    secretOf: (day) => daySecret(WORKER_SECRET, GENESIS, day),
    anchored: () => ledger,
    send: (payload) => {
      if (refusal !== "") return Promise.resolve(reject(refusal));
      const anchor = payload as Anchor;
      sent.push(anchor);
      ledger = { day: anchor.day, root: anchor.root, slot: 40n + BigInt(sent.length) };
      if (cutOff) return Promise.reject(new Error("killed"));
      return Promise.resolve(accept({ slot: ledger.slot, code: "" }));
    },
  });
}

describe("a day's root on its way to the ledger", () => {
  it("is sent once, whoever asks again and after a restart", async () => {
    const first = anchors();
    await Promise.all([first.run(), first.run()]);
    await first.run();
    await anchors().run();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ kind: "energy-anchor", day: DAY, rows: 288 });
    expect(store.day(DAY_START)).toMatchObject({ anchorSlot: 41, root: sent[0].root });
  });

  it("is not sent again where the daemon was cut off before it noted the slot", async () => {
    await expect(anchors(true).run()).rejects.toThrow("killed");
    expect(store.day(DAY_START)?.anchorSlot).toBeNull();
    await anchors().run();
    expect(sent).toHaveLength(1);
    expect(store.day(DAY_START)?.anchorSlot).toBe(41);
  });

  it("waits for the day's last rows, to the millisecond", async () => {
    nowMs -= 1;
    await anchors().run();
    expect(sent).toEqual([]);
    expect(store.day(DAY_START)).toBeUndefined();
  });

  it("says why it waits, and is sent with the same root once nothing hinders it", async () => {
    refusal = "LEDGER_BALANCE";
    const waiting = anchors();
    await waiting.run();
    expect(waiting.waiting).toEqual({ code: "LEDGER_BALANCE" });
    const closed = store.day(DAY_START)?.root;
    refusal = "";
    await waiting.run();
    expect(waiting.waiting).toBeNull();
    expect(sent.map(({ root }) => root)).toEqual([closed]);
  });

  it("passes over a day that the ledger takes no more", async () => {
    ledger = { day: DAY + 3, root: new Uint8Array(32), slot: 7n };
    const passing = anchors();
    await passing.run();
    expect(sent).toEqual([]);
    expect(passing.waiting).toBeNull();
    expect(store.day(DAY_START)?.anchorSlot).toBeNull();
  });
});
