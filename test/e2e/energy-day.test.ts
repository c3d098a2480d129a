import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDiskLedger } from "../../src-main/adapters/disk/index.ts";
import { systemClock } from "../../src-main/adapters/host/index.ts";
import { folderTarget, zstd } from "../../src-main/adapters/static-files/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { bytesToHex } from "../../src-main/contract/bytes.ts";
import type { EnergyReport, ReportInstrument } from "../../src-main/contract/energy-report.ts";
import { addressOfSecretKey, addressToText } from "../../src-main/crypto/index.ts";
import {
  canonicalText,
  neededSlots,
  reportKey,
  signReport,
  totalsOf,
} from "../../src-main/energy/report/index.ts";
import type { UnsignedReport } from "../../src-main/energy/report/index.ts";
import {
  certificateDigest,
  genesisCodec,
  receiptCodec,
  receiptFileBytes,
  UNIT_ENERGIES,
} from "../../src-main/ledger/index.ts";
import { encode } from "../../src-main/codec/index.ts";
import type { UnitStatus } from "../../src-main/miner/index.ts";
import { exportLedger } from "../../src-main/node/index.ts";
import { keepCertificate } from "../../src-main/processes/daemon/reports/kept-certificates.ts";
import { hexToBytes } from "../../src-main/contract/bytes.ts";
import {
  DAY_END,
  DAY_START,
  LOAD,
  openEnergyDay,
  OWNER_SECRET,
  passUntil,
  putSignals,
  send,
  SUN,
  WORKER_SECRET,
  workAtUnit,
} from "./energy-day-world.ts";
import type { EnergyDay } from "./energy-day-world.ts";
import type { PowerStep } from "../worlds/meters/power-profile.ts";

const HOUR_MS = 3_600_000;
const RECOMPUTE = fileURLToPath(new URL("./energy-day-recompute.mjs", import.meta.url));
const CLI = fileURLToPath(new URL("../../src-main/processes/cli.ts", import.meta.url));

/** What a constant power between steps gives over the day, in Wh. */
function trueWh(steps: readonly PowerStep[]): number {
  let wattMs = 0;
  steps.forEach(({ fromMs, watts }, at) => {
    const endMs = Math.min(DAY_END, steps[at + 1]?.fromMs ?? DAY_END);
    if (fromMs < DAY_END) wattMs += watts * (endMs - fromMs);
  });
  return wattMs / HOUR_MS;
}

let day: EnergyDay;
let unit: UnitStatus;
let folder: string;
let report: EnergyReport;
/** Slot in which the owner, another account, claimed a certificate. */
let othersSlot: number;
/** Slot in which the worker tried to claim that one again. */
let secondSlot: number;

const GENERATED = [DAY_START + 20 * HOUR_MS, DAY_START + 21 * HOUR_MS] as const;

function claimOf(id: string) {
  return {
    kind: "certificate-claim",
    certificate: certificateDigest(nativeSha256, "HKN", id),
    volumeWh: 100n,
    genStart: BigInt(GENERATED[0]),
    genEnd: BigInt(GENERATED[1]),
  } as const;
}

function instrument(id: string, slot: number): ReportInstrument {
  return {
    type: "GC",
    registry: "HKN",
    ids: [id],
    volume_wh: 100,
    gen_start: "2026-06-20T20:00:00Z",
    gen_end: "2026-06-20T21:00:00Z",
    production_device: "DE-WIND-7",
    zone: "DE",
    cancelled_at: "2026-06-20T22:00:00Z",
    beneficiary: addressToText(addressOfSecretKey(WORKER_SECRET)),
    claim_slots: [slot],
  };
}

async function claimCertificates(): Promise<void> {
  day.clock.set(day.clock.nowMs(), 1);
  const own = await send(day, WORKER_SECRET, claimOf("DE-GC-0001"));
  expect(own.code).toBe("");
  const certificates = join(day.parts.folder, "certificates");
  const digest = bytesToHex(claimOf("DE-GC-0001").certificate);
  keepCertificate(certificates, digest, instrument("DE-GC-0001", own.slot));
  const others = await send(day, OWNER_SECRET, claimOf("DE-GC-0002"));
  expect(others.code).toBe("");
  othersSlot = others.slot;
  const second = await send(day, WORKER_SECRET, claimOf("DE-GC-0002"));
  expect(second.code).toBe("LEDGER_CERTIFICATE_CLAIMED");
  secondSlot = second.slot;
}

async function makeReport(): Promise<EnergyReport> {
  const asked = { fromMs: DAY_START, toMs: DAY_END, stepSeconds: 3_600 } as const;
  const made = await day.reports.make(asked);
  if (!made.ok) throw new Error(JSON.stringify(made.rejection));
  return made.value.report;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vivian-energy-day-"));
  day = await openEnergyDay();
  await passUntil(day, DAY_START + 10 * HOUR_MS);
  unit = await workAtUnit(day);
  await passUntil(day, DAY_END + 1_200_000);
  day.count.write();
  putSignals(day.store);
  await claimCertificates();
  await day.reports.anchorNow();
  report = await makeReport();
}, 300_000);

afterAll(async () => {
  await day.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, value: EnergyReport | string): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === "string" ? value : canonicalText(value));
  return file;
}

/** The report as its maker would have signed it after a change, totals made to fit. */
function forged(change: (report: EnergyReport) => void): EnergyReport {
  const copy = structuredClone(report);
  change(copy);
  copy.totals = totalsOf(copy);
  const { signatures, ...rest } = copy;
  expect(signatures).toHaveLength(1);
  return signReport(rest as UnsignedReport, reportKey(WORKER_SECRET, day.hash));
}

/** What this ledger's own check says against a report. */
const codesOf = (value: EnergyReport | string): string[] => [
  ...new Set(
    day.reports
      .check(typeof value === "string" ? value : canonicalText(value))
      .contradictions.map(({ code }) => code),
  ),
];

function recomputed(value: EnergyReport) {
  const text = execFileSync(process.execPath, [RECOMPUTE, write("recompute.json", value)]);
  return JSON.parse(String(text)) as {
    signature: boolean;
    totals: EnergyReport["totals"];
    rows: { load_wh: number; own_wh: number }[];
    faults: string[];
  };
}

/** Writes the ledger's files beside the node that holds it. */
async function exported(out: string): Promise<void> {
  const store = readDiskLedger(join(day.job.folder, "ledger"));
  const { genesis } = day;
  const target = folderTarget(out);
  const fixed = { hasher: nativeSha256, clock: systemClock, compression: zstd };
  expect(await exportLedger({ store, genesis, target, ...fixed })).toMatchObject({ ok: true });
  await store.close();
}

/** Receipts of the slots that the report names, as the daemon writes them. */
async function receipts(): Promise<string[]> {
  const files: string[] = [];
  for (const slot of neededSlots(report)) {
    const receipt = await day.world.node.receipt(BigInt(slot));
    if (!receipt.ok) throw new Error(receipt.rejection.code);
    const bytes = encode(receiptCodec, receipt.value);
    const file = join(folder, `slot-${slot}.receipt`);
    writeFileSync(file, receiptFileBytes(encode(genesisCodec, day.genesis), bytes));
    files.push(file);
  }
  return files;
}

/** `vivian energy verify` in a process of its own, where no daemon runs. */
function verify(file: string, options: readonly string[]) {
  const env = { ...process.env, VIVIAN_HOME: join(folder, "home") };
  const words = [CLI, "energy", "verify", file, ...options];
  return spawnSync(process.execPath, words, { env, encoding: "utf8" });
}

describe("a simulated day with a real job on a real ledger", () => {
  it("is told by a report that nothing speaks against", () => {
    const checked = day.reports.check(canonicalText(report));
    expect(checked.contradictions).toEqual([]);
    expect(checked.unchecked).toEqual([]);
    expect(checked.verdict).toBe("sound");
    expect(checked.sentence).toMatch(
      /^\d+ % of metered kWh matched hourly \(self-signed, tier B\)$/,
    );
  });

  it("counts what the plug and the roof gave, to the Wh", () => {
    expect(Math.abs(report.totals.load_wh - trueWh(LOAD))).toBeLessThanOrEqual(1);
    const own = report.intervals.reduce((sum, { own_wh }) => sum + own_wh, 0);
    expect(Math.abs(own - trueWh(SUN))).toBeLessThanOrEqual(1);
    expect(report.totals.measured_share).toBeGreaterThan(0.999);
    expect(report.intervals).toHaveLength(24);
  });

  it("has the totals that an independent program recomputes", () => {
    const found = recomputed(report);
    expect(found.signature).toBe(true);
    expect(found.totals).toEqual(report.totals);
    const intervals = report.intervals.map(({ load_wh, own_wh }) => ({ load_wh, own_wh }));
    expect(found.rows).toEqual(intervals);
    expect(found.faults).toEqual([]);
  });

  it("holds the real unit, whose energy the worker stated on the ledger before its result", () => {
    const [work] = report.work ?? [];
    expect(work.unit).toBe(unit.unit);
    expect(work).toMatchObject({ tier: "B-metered", source: "plug-desk", steps: 360 });
    expect(work.energy_mj).toBeGreaterThan(0);
    const state = day.world.node.stateAt(day.world.node.head().number);
    const row = state.ok ? state.value.row(UNIT_ENERGIES, hexToBytes(unit.unit)) : undefined;
    expect(row).toMatchObject({ tier: 4, energyMillijoules: BigInt(work.energy_mj) });
    expect(Number(unit.slots.energy)).toBeLessThan(Number(unit.slots.reveal));
    expect(work).toMatchObject({
      energy_slot: Number(unit.slots.energy),
      reveal_slot: Number(unit.slots.reveal),
    });
  });

  it("anchored the day once, and leaves it at that", async () => {
    const [anchor] = report.anchors ?? [];
    expect(anchor.rows).toBe(2 * 288);
    const size = day.world.node.head().size;
    await day.reports.anchorNow();
    expect(day.world.node.head().size).toBe(size);
  });

  it("names one flipped digit", () => {
    const text = canonicalText(report);
    // The last digit of the first interval's load.
    const place = text.search(/[0-9],"marginal_g_per_kwh"/);
    const digit = String((Number(text[place]) + 1) % 10);
    const flipped = text.slice(0, place) + digit + text.slice(place + 1);
    expect(codesOf(flipped)).toEqual(
      expect.arrayContaining(["ENERGY_SIGNATURE", "ENERGY_TOTALS", "ENERGY_ROWS_DIFFER"]),
    );
    const signed = forged(({ intervals }) => (intervals[3].load_wh += 1));
    expect(codesOf(signed)).toEqual(["ENERGY_ROWS_DIFFER"]);
    expect(recomputed(JSON.parse(flipped) as EnergyReport).signature).toBe(false);
  });

  it("names one removed interval", () => {
    const removed = forged(({ intervals }) => void intervals.splice(13, 1));
    const { contradictions } = day.reports.check(canonicalText(removed));
    expect(contradictions[0]).toMatchObject({ code: "ENERGY_REGISTER_DIFFERS" });
    expect(contradictions).toContainEqual({
      code: "ENERGY_INTERVAL_MISSING",
      where: "intervals.13",
      text: "The interval of 2026-06-20T13:00:00Z is missing; a gap is an interval of coverage 0.",
    });
  });

  it("names a certificate that another account claimed before, on the ledger", () => {
    for (const slot of [othersSlot, secondSlot]) {
      const doubly = forged((changed) => {
        changed.instruments = [instrument("DE-GC-0002", slot)];
      });
      expect(codesOf(doubly)).toEqual(["ENERGY_CERTIFICATE_OTHERS"]);
    }
    const unclaimed = forged(({ instruments }) => (instruments[0].ids = ["DE-GC-0003"]));
    expect(codesOf(unclaimed)).toEqual(["ENERGY_CERTIFICATE_UNCLAIMED"]);
    const larger = forged(({ instruments }) => (instruments[0].volume_wh = 101));
    expect(codesOf(larger)).toEqual(["ENERGY_CERTIFICATE_DIFFERS"]);
  });

  it("names an impossible joule figure", () => {
    const too = (energy: number) => forged(({ work = [] }) => (work[0].energy_mj = energy));
    expect(codesOf(too(0))).toEqual(["ENERGY_WORK_LEAST", "ENERGY_WORK_LEDGER"]);
    const most = codesOf(too(9_000_000_000_000));
    expect(most).toEqual(["ENERGY_WORK_MOST", "ENERGY_WORK_LOAD", "ENERGY_WORK_LEDGER"]);
  });

  it("names what was changed about the days' roots and the key", () => {
    const others = forged(({ anchors = [] }) => (anchors[0].slot = othersSlot));
    expect(codesOf(others)).toEqual(["ENERGY_ANCHOR_ROOT"]);
    const key = forged(({ anchors = [] }) => (anchors[0].key.kid = "A".repeat(43)));
    expect(codesOf(key)).toEqual(["ENERGY_ANCHOR_KEY"]);
    const row = forged(({ anchors = [] }) => {
      const [first] = anchors[0].disclosed ?? [];
      first.row.energy_mj += 1;
    });
    expect(codesOf(row)).toEqual(["ENERGY_ANCHOR_ROWS"]);
    const clock = forged(({ anchors = [] }) => {
      const [first] = anchors[0].disclosed ?? [];
      first.row.clock = "relative";
    });
    expect(codesOf(clock)).toEqual(["ENERGY_CLOCK", "ENERGY_ANCHOR_ROWS"]);
  });

  it("is checked without a daemon, against receipts or an exported ledger", async () => {
    const files = await receipts();
    const out = join(folder, "ledger");
    mkdirSync(out);
    await exported(out);
    const network = ["--genesis", bytesToHex(day.hash), "--json"];
    for (const against of [
      ["--ledger", out],
      ["--receipts", ...files],
    ]) {
      const sound = verify(write("day.json", report), [...against, ...network]);
      expect(sound.stderr).toBe("");
      const found = { verdict: "sound", contradictions: [], unchecked: [] };
      expect(JSON.parse(sound.stdout)).toMatchObject(found);
      expect(sound.status).toBe(0);
    }
    const changed = forged(({ instruments }) => (instruments[0].claim_slots = [othersSlot]));
    const refused = verify(write("changed.json", changed), ["--ledger", out, ...network]);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain("ENERGY_CERTIFICATE_UNCLAIMED");
    const alone = verify(write("day.json", report), ["--json"]);
    expect(alone.status).toBe(0);
    const { unchecked } = JSON.parse(alone.stdout) as { unchecked: { what: string }[] };
    expect(unchecked.map(({ what }) => what)).toContain("the claims of certificates");
  }, 90_000);

  it("is followed by a report that names it", async () => {
    const second = await makeReport();
    expect(second.seq).toBe(1);
    expect(codesOf(second)).toEqual([]);
    const torn = structuredClone(second);
    torn.prev = `sha256:${"0".repeat(64)}`;
    expect(codesOf(torn)).toContain("ENERGY_CHAIN");
    const listed = day.reports.list(5);
    expect(listed.count).toBe(2);
    expect(listed.anchoring).toMatchObject({ lastDay: "2026-06-20", waiting: null });
  });
});
