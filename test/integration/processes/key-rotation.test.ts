/** A worker gets another key in the middle: days stay those of the key they were closed under. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openEnergyDatabase } from "../../../src-main/adapters/disk/index.ts";
import type { EnergyReport } from "../../../src-main/contract/energy-report.ts";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { accept, reject } from "../../../src-main/contract/outcome.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { mergedRow } from "../../../src-main/energy/index.ts";
import {
  checkReport,
  daySecret,
  dayRoot,
  keyStatement,
  makeReport,
  reportKey,
  signReport,
} from "../../../src-main/energy/report/index.ts";
import type { LedgerFact } from "../../../src-main/energy/report/index.ts";
import type { PayloadOf } from "../../../src-main/ledger/index.ts";
import { ENERGY_DAY_MS } from "../../../src-main/ports/energy-store.ts";
import type { DayClosure, EnergyStore } from "../../../src-main/ports/energy-store.ts";
import {
  ANCHOR_DELAY_MS,
  DayAnchors,
  leavesOf,
} from "../../../src-main/processes/daemon/reports/anchor-days.ts";
import { planReport } from "../../../src-main/processes/daemon/reports/plan-report.ts";
import { DAY_END, DAY_START, GENESIS, PLUG, rowsOf } from "../../worlds/energy-day.ts";
import { must } from "../../worlds/practice-world.ts";

type Anchor = PayloadOf<"energy-anchor">;

/** A worker's key and what follows from it. */
function worker(byte: number) {
  const secret = new Uint8Array(32).fill(byte);
  const account = new Uint8Array(20).fill(byte);
  const key = reportKey(secret, GENESIS);
  return { secret, account, key, statement: keyStatement(key.kid, account, GENESIS) };
}
type Worker = ReturnType<typeof worker>;

const BEFORE = worker(11);
const AFTER = worker(21);

let folder: string;
let store: EnergyStore;
let sent: { readonly by: Worker; readonly anchor: Anchor }[];
let refusal: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-rotation-"));
  store = openEnergyDatabase(folder, { merge: mergedRow });
  store.identify(DAY_START, PLUG);
  const rows = rowsOf("plug-desk", () => 100);
  const later = rows.map((row) => ({
    ...row,
    startMs: row.startMs + ENERGY_DAY_MS,
    registerEndMillijoules: (row.registerEndMillijoules ?? 0) + 100 * ENERGY_DAY_MS,
  }));
  store.write({ rows: [...rows, ...later], states: [] });
  [sent, refusal] = [[], ""];
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Closes and anchors what is due after so many days. */
function anchorAs(by: Worker, days: number): Promise<void> {
  const own = () => sent.filter((one) => one.by === by).at(-1)?.anchor;
  return new DayAnchors({
    hasher: sha256,
    store,
    nowMs: () => DAY_START + days * ENERGY_DAY_MS + ANCHOR_DELAY_MS,
    statement: by.statement,
    secretOf: (day) => daySecret(by.secret, GENESIS, day),
    anchored: () => {
      const anchor = own();
      return anchor === undefined ? undefined : { ...anchor, slot: BigInt(sent.length) };
    },
    send: (payload) => {
      if (refusal !== "") return Promise.resolve(reject(refusal));
      sent.push({ by, anchor: payload as Anchor });
      return Promise.resolve(accept({ slot: BigInt(sent.length), code: "" }));
    },
  }).run();
}

/** A report of both days, signed by the key of now, and what a check with the ledger says. */
function reported(by: Worker) {
  const needs = {
    hasher: sha256,
    store,
    node: {},
    settings: { zone: "", location: null, attributes: "none", residualMilligrams: null },
    datasets: () => undefined,
    statement: by.statement,
    account: by.account,
    serialSecret: by.key.secret,
    software: { name: "vivian-miner", version: "0.1.0", build: `sha256:${"00".repeat(32)}` },
    chipOf: () => ({ name: "a processor", chipClass: "cpu" }),
    certificates: join(folder, "certificates"),
  } as unknown as Parameters<typeof planReport>[0];
  const toMs = DAY_END + ENERGY_DAY_MS;
  const asked = { fromMs: DAY_START, toMs, stepSeconds: 3_600 } as const;
  const plan = planReport(needs, asked, { seq: 0, prev: null });
  const report = signReport(must(makeReport(sha256, plan)), by.key);
  const { contradictions, unchecked } = checked(report, toMs);
  return { report, contradictions, unchecked };
}

function checked(report: EnergyReport, nowMs: number) {
  const facts = sent.map(({ by, anchor }, at): [number, LedgerFact] => [
    at + 1,
    { id: "", account: `0x${bytesToHex(by.account)}`, payload: anchor, code: "" },
  ]);
  const ledger = { genesis: bytesToHex(GENESIS), bySlot: new Map(facts) };
  return checkReport(report, { hasher: sha256, facts: ledger, previous: null, nowMs });
}

const closureOf = (day: number): DayClosure => store.day(DAY_START + day * ENERGY_DAY_MS)!;
const reproduced = (by: Worker, day: number) => {
  const closed = leavesOf(sha256, store, by.statement, closureOf(day));
  return closed === undefined ? undefined : bytesToHex(dayRoot(sha256, closed.leaves));
};

describe("days of an account whose worker got another key", () => {
  it("keep the key that they were anchored under, and make their roots again with it", async () => {
    await anchorAs(BEFORE, 1);
    await anchorAs(AFTER, 2);
    expect(sent.map(({ by }) => by)).toEqual([BEFORE, AFTER]);
    expect([closureOf(0).key?.kid, closureOf(1).key?.kid]).toEqual([BEFORE.key.kid, AFTER.key.kid]);
    for (const day of [0, 1]) {
      expect(reproduced(AFTER, day)).toBe(bytesToHex(sent[day].anchor.root));
    }
  });

  it("stand in a report of the new key as the old one's, with nothing against them", async () => {
    await anchorAs(BEFORE, 1);
    await anchorAs(AFTER, 2);
    const { report, contradictions, unchecked } = reported(AFTER);
    expect(contradictions).toEqual([]);
    const anchors = report.anchors ?? [];
    expect(anchors.map(({ key }) => key.account)).toEqual([
      `0x${"0b".repeat(20)}`,
      `0x${"15".repeat(20)}`,
    ]);
    expect(anchors.every(({ disclosed }) => disclosed?.length === 288)).toBe(true);
    expect(unchecked.map(({ what }) => what)).toEqual(["whose day 2026-06-20 is"]);
    // Nobody's other key makes the path to that root.
    const forged = structuredClone(report);
    forged.anchors![0].key = forged.anchors![1].key;
    const codes = checked(forged, DAY_END + ENERGY_DAY_MS).contradictions.map(({ code }) => code);
    expect(codes).toContain("ENERGY_ANCHOR_KEY");
    // And a root that the old account never sent is none of its.
    sent[0] = { ...sent[0], by: AFTER };
    const again = checked(report, DAY_END + ENERGY_DAY_MS).contradictions;
    expect(again.map(({ code }) => code)).toEqual(["ENERGY_ANCHOR_ROOT"]);
  });

  it("are closed anew under the new key where the old one never anchored them", async () => {
    refusal = "LEDGER_BALANCE";
    await anchorAs(BEFORE, 1);
    const old = closureOf(0);
    expect(old).toMatchObject({ anchorSlot: null, key: { kid: BEFORE.key.kid } });
    refusal = "";
    await anchorAs(AFTER, 1);
    expect(closureOf(0)).toMatchObject({ anchorSlot: 1, key: { kid: AFTER.key.kid } });
    expect(closureOf(0).closedMs).toBe(old.closedMs);
    expect(reproduced(AFTER, 0)).toBe(bytesToHex(sent[0].anchor.root));
    // The day after is not closed yet.
    expect(reported(AFTER).unchecked.map(({ what }) => what)).toEqual([
      "the load against anchored rows",
      "the other days' roots",
    ]);
  });

  it("of a version that kept no key are shown where the key of now makes their root", async () => {
    await anchorAs(BEFORE, 1);
    const { key: _key, ...without } = closureOf(0);
    store.closeDay(without);
    expect(reproduced(BEFORE, 0)).toBe(bytesToHex(sent[0].anchor.root));
    expect(reproduced(AFTER, 0)).toBeUndefined();
    expect(reported(AFTER).report.anchors).toBeUndefined();
    expect(reported(BEFORE).report.anchors).toHaveLength(1);
  });
});
