/** A worker gets another key in the middle: days stay those of the key they were closed under. */

import { mkdtempSync, rmSync, statSync } from "node:fs";
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
  signChange,
  signReport,
} from "../../../src-main/energy/report/index.ts";
import type { LedgerFact } from "../../../src-main/energy/report/index.ts";
import { certificateDigest } from "../../../src-main/ledger/index.ts";
import type { PayloadOf } from "../../../src-main/ledger/index.ts";
import { ENERGY_DAY_MS } from "../../../src-main/ports/energy-store.ts";
import type { DayClosure, EnergyStore } from "../../../src-main/ports/energy-store.ts";
import {
  ANCHOR_DELAY_MS,
  DayAnchors,
  leavesOf,
} from "../../../src-main/processes/daemon/reports/anchor-days.ts";
import { keepCertificate } from "../../../src-main/processes/daemon/reports/kept-certificates.ts";
import { planReport } from "../../../src-main/processes/daemon/reports/plan-report.ts";
import { ReportChain } from "../../../src-main/processes/daemon/reports/report-chain.ts";
import { keepSigner, nextOf } from "../../../src-main/processes/daemon/reports/report-signer.ts";
import type { NextReport } from "../../../src-main/processes/daemon/reports/report-signer.ts";
import { CERTIFICATE, DAY_END, DAY_START, GENESIS, PLUG, rowsOf } from "../../worlds/energy-day.ts";
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
/** Slots of the certificate's claim, and whose they are. */
let claims: Map<number, Uint8Array>;

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
  [sent, refusal, claims] = [[], "", new Map()];
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

const BOTH_END = DAY_END + ENERGY_DAY_MS;

/** A report of both days, signed by the key of now. */
function made(by: Worker, next: NextReport = { seq: 0, prev: null, former: [] }) {
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
  const asked = { fromMs: DAY_START, toMs: BOTH_END, stepSeconds: 3_600 } as const;
  return signReport(must(makeReport(sha256, planReport(needs, asked, next))), by.key);
}

/** The same with what a check with the ledger says. */
function reported(by: Worker) {
  const report = made(by);
  const { contradictions, unchecked } = checked(report);
  return { report, contradictions, unchecked };
}

function checked(report: EnergyReport, previous: EnergyReport | null = null) {
  const facts = sent.map(({ by, anchor }, at): [number, LedgerFact] => [
    at + 1,
    { id: "", account: `0x${bytesToHex(by.account)}`, payload: anchor, code: "" },
  ]);
  for (const [slot, account] of claims) {
    const payload = claimOf();
    facts.push([slot, { id: "", account: `0x${bytesToHex(account)}`, payload, code: "" }]);
  }
  const ledger = { genesis: bytesToHex(GENESIS), bySlot: new Map(facts) };
  return checkReport(report, { hasher: sha256, facts: ledger, previous, nowMs: BOTH_END });
}

const codesOf = (report: EnergyReport, previous: EnergyReport | null = null): string[] =>
  checked(report, previous).contradictions.map(({ code }) => code);

function claimOf() {
  return {
    kind: "certificate-claim",
    certificate: certificateDigest(sha256, CERTIFICATE.registry, CERTIFICATE.ids[0]),
    volumeWh: BigInt(CERTIFICATE.volume_wh),
    genStart: BigInt(Date.parse(CERTIFICATE.gen_start)),
    genEnd: BigInt(Date.parse(CERTIFICATE.gen_end)),
  } as const;
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
    expect(codesOf(forged)).toContain("ENERGY_ANCHOR_KEY");
    // And a root that the old account never sent is none of its.
    sent[0] = { ...sent[0], by: AFTER };
    expect(codesOf(report)).toEqual(["ENERGY_ANCHOR_ROOT"]);
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

describe("a chain of reports whose worker got another key", () => {
  let chain: ReportChain;
  let aside: string[];
  beforeEach(() => {
    chain = new ReportChain(join(folder, "reports"), sha256);
    aside = [];
  });

  /** The next report of the chain, as the daemon makes and keeps it. */
  function add(by: Worker): EnergyReport {
    const signer = { statement: by.statement, secret: by.key.secret };
    const next = nextOf(chain, signer, (where) => void aside.push(where));
    const { report } = chain.add(made(by, next));
    keepSigner(chain, signer);
    return report;
  }

  it("goes on: the key before hands over, and a verifier follows it", async () => {
    await anchorAs(BEFORE, 1);
    await anchorAs(AFTER, 2);
    const [first, second, third] = [add(BEFORE), add(AFTER), add(AFTER)];
    expect([first.former, second.former?.length]).toEqual([undefined, 1]);
    expect(third.former).toEqual(second.former);
    expect(codesOf(second, first)).toEqual([]);
    expect(codesOf(third, second)).toEqual([]);
    // The day of the key before is the miner's now, and nothing is left to be looked at.
    const unchecked = checked(second, first).unchecked.map(({ what }) => what);
    expect(unchecked).toEqual([
      "whether 2026-06-20T00:00:00Z to 2026-06-22T00:00:00Z is counted twice",
    ]);
    const fourth = add(worker(31));
    expect(fourth.former?.map(({ from }) => from.kid)).toEqual([BEFORE.key.kid, AFTER.key.kid]);
    expect(codesOf(fourth, third)).toEqual([]);
    expect(statSync(join(chain.folder, "signer.json")).mode & 0o077).toBe(0);
  });

  it("does not go on by somebody else's word", () => {
    const [first, second] = [add(BEFORE), add(AFTER)];
    const again = (change: (report: EnergyReport) => void) => {
      const copy = structuredClone(second);
      change(copy);
      const { signatures: _signatures, ...rest } = copy;
      return codesOf(signReport(rest, AFTER.key), first);
    };
    expect(again((report) => delete report.former)).toEqual(["ENERGY_CHAIN"]);
    expect(again(({ former = [] }) => (former[0].seq = 2))).toContain("ENERGY_CHAIN");
    const own = { ...second.former![0], sig: undefined };
    const forged = signChange(AFTER.key, own);
    expect(again((report) => (report.former = [forged]))).toContain("ENERGY_CHAIN");
    const others = signChange(BEFORE.key, { ...own, to: worker(31).statement });
    expect(again((report) => (report.former = [others]))).toContain("ENERGY_CHAIN");
  });

  it("begins anew where the key before is gone, and keeps the old one beside it", () => {
    add(BEFORE);
    rmSync(join(chain.folder, "signer.json"));
    const report = add(AFTER);
    expect(report).toMatchObject({ seq: 0, prev: null });
    expect(aside).toEqual([`${chain.folder}-of-${BEFORE.key.kid.slice(0, 12)}`]);
    expect(new ReportChain(aside[0], sha256).count()).toBe(1);
  });

  it("counts a certificate of the key before where its account anchored a day", async () => {
    const beneficiary = `0x${bytesToHex(BEFORE.account)}`;
    const claimed = { ...CERTIFICATE, beneficiary, claim_slots: [9] };
    keepCertificate(join(folder, "certificates"), "ab".repeat(32), claimed);
    claims.set(9, BEFORE.account);
    await anchorAs(BEFORE, 1);
    const [first, second] = [add(BEFORE), add(AFTER)];
    expect(second.instruments).toEqual([claimed]);
    expect([codesOf(first), codesOf(second, first)]).toEqual([[], []]);
    // A key says whose it is itself; without a day of that account it is nobody's word.
    const victim = { ...second, anchors: undefined } as EnergyReport;
    expect(codesOf(victim)).toEqual(
      expect.arrayContaining(["ENERGY_CERTIFICATE_BENEFICIARY", "ENERGY_CERTIFICATE_OTHERS"]),
    );
  });
});
