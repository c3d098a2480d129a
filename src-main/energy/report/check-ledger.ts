/**
 * Decides whether a report agrees with the ledger: its days' roots, the key that signs, the place
 * of disclosed rows under them, certificates claimed by this account and once, and what was stated
 * of its units. What the ledger says comes in as facts by slot, from a daemon, an exported ledger
 * or receipts.
 */

import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { decode } from "../../codec/index.ts";
import type {
  EnergyReport,
  KeyStatement,
  ReportAnchor,
  ReportInstrument,
  ReportWork,
} from "../../contract/energy-report.ts";
import { leafHash, rootFromInclusionPath, rootFromLeafHashes } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { jobSpecificationCodec, unitId, PRICE_BASE_PER_MEGAMAC } from "../../learning/index.ts";
import {
  certificateDigest,
  certificateName,
  ENERGY_TIER_NUMBERS,
  isCertificateName,
} from "../../ledger/index.ts";
import type { Payload, PayloadOf } from "../../ledger/index.ts";
import { keyLeaf, rowLeaf } from "./day-tree.ts";
import type { Findings } from "./findings.ts";
import { certificatesOf } from "./report-intervals.ts";
import { readDay, readInstant } from "./report-time.ts";

const DAY_MS = 86_400_000;

/** What stands in a slot of the ledger. */
export interface LedgerFact {
  /** Record id, 64 hex digits. */
  readonly id: string;
  /** Lower-case hex with 0x. */
  readonly account: string;
  readonly payload: Payload;
  /** "" where it took effect. */
  readonly code: string;
}

/** What is known of a ledger; a slot that is not there could not be read. */
export interface LedgerFacts {
  readonly genesis: string;
  readonly bySlot: ReadonlyMap<number, LedgerFact>;
}

/** Slots that a check of this report asks about, ascending, each once. */
export function neededSlots(report: EnergyReport): number[] {
  const slots = [
    ...(report.anchors ?? []).flatMap(({ slot }) => (slot === null ? [] : [slot])),
    ...report.instruments.flatMap(({ claim_slots }) => claim_slots ?? []),
    ...(report.work ?? []).flatMap(({ job_slot, reveal_slot, energy_slot }) =>
      [job_slot, reveal_slot, energy_slot].filter((slot) => slot !== undefined),
    ),
  ];
  return [...new Set(slots)].sort((left, right) => left - right);
}

/** What checks against a ledger share. */
export interface LedgerCheck {
  readonly hasher: Hasher;
  readonly report: EnergyReport;
  /** Who signed, as checked; undefined where nobody did. */
  readonly kid: string | undefined;
  /** Keys that the chain had before, as they handed over. */
  readonly former: readonly KeyStatement[];
  readonly facts: LedgerFacts | null;
  readonly findings: Findings;
}

const minerOf = ({ report }: LedgerCheck): string => report.subject.miner_id.toLowerCase();

/** Whether a day's key is one that the chain had before. */
function isFormer(former: readonly KeyStatement[], { account, kid, genesis }: KeyStatement) {
  return former.some(
    (one) => one.account === account && one.kid === kid && one.genesis === genesis,
  );
}

/** The miner's accounts: its own, and those that anchored a day under a key it had before. */
function ownersOf({ report, former }: Pick<LedgerCheck, "report" | "former">): string[] {
  const before = (report.anchors ?? []).flatMap(({ key, slot }) =>
    slot !== null && isFormer(former, key) ? [key.account] : [],
  );
  return [report.subject.miner_id.toLowerCase(), ...before];
}

/** The record of a kind in a slot; undefined where it is another, or could not be read. */
function recordIn<K extends Payload["kind"]>(
  { facts, findings }: LedgerCheck,
  slot: number,
  kind: K,
): { readonly fact: LedgerFact; readonly payload: PayloadOf<K> } | "other" | undefined {
  const fact = facts?.bySlot.get(slot);
  if (fact === undefined) {
    if (facts !== null) findings.skip(`slot ${slot}`, "it could not be read here");
    return undefined;
  }
  if (fact.payload.kind !== kind) return "other";
  return { fact, payload: fact.payload as PayloadOf<K> };
}

/** Says ENERGY_ANCHOR_ROOT, ENERGY_ANCHOR_KEY, ENERGY_ANCHOR_ROWS. */
export function checkAnchors(
  check: LedgerCheck,
  span: { readonly fromMs: number; readonly toMs: number } | undefined,
): void {
  const { report, findings } = check;
  const anchors = report.anchors ?? [];
  if (anchors.length === 0) {
    findings.skip("the days' roots", "the report names none");
    return;
  }
  const waiting = anchors.filter(({ slot }) => slot === null).map(({ day }) => day);
  if (waiting.length > 0) findings.skip(`the roots of ${waiting.join(", ")}`, "not anchored yet");
  const named = new Set(anchors.map(({ day }) => readDay(day)));
  let without = 0;
  const { fromMs, toMs } = span ?? { fromMs: 0, toMs: 0 };
  for (let dayMs = fromMs - (fromMs % DAY_MS); dayMs < toMs; dayMs += DAY_MS) {
    if (!named.has(dayMs)) without += 1;
  }
  if (without > 0) findings.skip("the other days' roots", `the report has none of ${without}`);
  if (check.facts === null) {
    findings.skip("the days' roots on the ledger", "no ledger was given to look into");
  }
  anchors.forEach((anchor, at) => {
    checkKey(check, anchor, `anchors.${at}`);
    checkDisclosed(check, anchor, `anchors.${at}`);
    if (anchor.slot !== null) checkRoot(check, anchor, anchor.slot, `anchors.${at}`);
  });
}

function checkRoot(check: LedgerCheck, anchor: ReportAnchor, slot: number, where: string): void {
  const found = recordIn(check, slot, "energy-anchor");
  if (found === undefined) return;
  const day = (readDay(anchor.day) ?? Number.NaN) / DAY_MS;
  const holds =
    found !== "other" &&
    found.fact.code === "" &&
    // Whose key it states is said beside it.
    found.fact.account === anchor.key.account &&
    found.payload.day === day &&
    found.payload.rows === anchor.rows &&
    bytesToHex(found.payload.root) === anchor.root;
  if (holds) return;
  const text =
    `Slot ${slot} of the ledger does not hold the root of ${anchor.day} of ` +
    `${anchor.key.account} as stated.`;
  check.findings.say("ENERGY_ANCHOR_ROOT", where, text);
}

/**
 * Leaf 0 must state the key and account that are named, for this ledger. Of a miner whose worker
 * got another key, earlier days are that key's; where it did not hand over to the one that signed,
 * nothing shows that both are one owner's, and that is told as not looked at.
 */
function checkKey(check: LedgerCheck, anchor: ReportAnchor, where: string): void {
  const { hasher, kid, facts, findings } = check;
  const { day, key } = anchor;
  const path = {
    leafHash: leafHash(hasher, keyLeaf(hasher, key)),
    index: 0,
    size: anchor.rows + 1,
    proof: anchor.key_path.map(hexToBytes),
  };
  const root = rootFromInclusionPath(hasher, path);
  const isOtherLedger = facts !== null && key.genesis !== facts.genesis;
  if (root === undefined || bytesToHex(root) !== anchor.root || isOtherLedger) {
    const text = `The root of ${day} does not hold the key that is named for it, on this ledger.`;
    findings.say("ENERGY_ANCHOR_KEY", where, text);
    return;
  }
  if (isFormer(check.former, key)) return;
  const isMiner = key.account === minerOf(check);
  // A missing signature is told by itself.
  if (isMiner && (kid === undefined || key.kid === kid)) return;
  if (isMiner) {
    const text = `The root of ${day} holds another key of this account than the one that signed.`;
    findings.say("ENERGY_ANCHOR_KEY", where, text);
    return;
  }
  findings.skip(`whose day ${day} is`, `it was anchored by ${key.account}, under that one's key`);
}

function checkDisclosed(
  { hasher, findings }: LedgerCheck,
  anchor: ReportAnchor,
  where: string,
): void {
  const { leaves, disclosed = [], rows, root } = anchor;
  if (leaves === undefined) {
    if (disclosed.length === 0) return;
    const text = `Rows of ${anchor.day} are shown without the leaves that they are under.`;
    findings.say("ENERGY_ANCHOR_ROWS", `${where}.disclosed`, text);
    return;
  }
  const hashes = leaves.map(hexToBytes);
  const whole = hashes.length === rows + 1;
  if (!whole || bytesToHex(rootFromLeafHashes(hasher, hashes)) !== root) {
    const text = `The leaves of ${anchor.day} do not make the root that is stated.`;
    findings.say("ENERGY_ANCHOR_ROWS", `${where}.leaves`, text);
  }
  for (const { index, salt, row } of disclosed) {
    const leaf = bytesToHex(leafHash(hasher, rowLeaf(hasher, hexToBytes(salt), row)));
    if (leaf === leaves[index] && row.start.startsWith(anchor.day)) continue;
    const text =
      `The row of ${row.source} at ${row.start} is not the one under the root ` +
      `of ${anchor.day}.`;
    findings.say("ENERGY_ANCHOR_ROWS", `${where}.disclosed`, text);
  }
}

/** Says ENERGY_CERTIFICATE_TWICE, _BENEFICIARY, _TIME, _UNCLAIMED, _OTHERS, _DIFFERS, _USE. */
export function checkCertificates(check: LedgerCheck, span: { readonly stepMs: number }): void {
  const { report, facts, findings } = check;
  const seen = new Set<string>();
  report.instruments.forEach((instrument, at) => {
    const where = `instruments.${at}`;
    for (const id of instrument.ids) {
      const name = `${certificateName(instrument.registry)}\n${certificateName(id)}`;
      if (seen.has(name)) {
        findings.say("ENERGY_CERTIFICATE_TWICE", where, `Certificate ${id} is counted twice.`);
      }
      seen.add(name);
    }
    const owners = [...ownersOf(check), report.subject.site_id?.toLowerCase()];
    if (!owners.includes(instrument.beneficiary.toLowerCase())) {
      const text =
        `The certificate was cancelled for ${instrument.beneficiary}, not for ` + "this miner.";
      findings.say("ENERGY_CERTIFICATE_BENEFICIARY", where, text);
    }
    checkGeneration(instrument, where, findings);
    if (facts !== null) checkClaims(check, instrument, where);
  });
  if (report.instruments.length > 0 && facts === null) {
    findings.skip("the claims of certificates", "no ledger was given to look into");
  }
  checkUse(report, span.stepMs, findings);
}

function checkGeneration(
  { gen_start, gen_end, cancelled_at }: ReportInstrument,
  where: string,
  findings: Findings,
): void {
  const [start, end, cancelled] = [gen_start, gen_end, cancelled_at].map(readInstant);
  const known = start !== undefined && end !== undefined && cancelled !== undefined;
  if (known && start < end && end <= cancelled) return;
  const text =
    `Generated from ${gen_start} to ${gen_end} and cancelled at ${cancelled_at} is no order of ` +
    "events.";
  findings.say("ENERGY_CERTIFICATE_TIME", where, text);
}

function checkClaims(check: LedgerCheck, instrument: ReportInstrument, where: string): void {
  const { hasher, findings } = check;
  let claimedWh = 0n;
  let complete = true;
  instrument.ids.forEach((id, at) => {
    const slot = instrument.claim_slots?.[at];
    const isNamed = isCertificateName(instrument.registry) && isCertificateName(id);
    if (slot === undefined || !isNamed) {
      complete = false;
      findings.say(
        "ENERGY_CERTIFICATE_UNCLAIMED",
        where,
        `Certificate ${id} names no claim on the ledger.`,
      );
      return;
    }
    const found = recordIn(check, slot, "certificate-claim");
    if (found === undefined) {
      complete = false;
      return;
    }
    const digest = bytesToHex(certificateDigest(hasher, instrument.registry, id));
    if (found === "other" || bytesToHex(found.payload.certificate) !== digest) {
      findings.say(
        "ENERGY_CERTIFICATE_UNCLAIMED",
        where,
        `Slot ${slot} does not claim certificate ${id}.`,
      );
    } else if (found.fact.code !== "" || !ownersOf(check).includes(found.fact.account)) {
      const who =
        found.fact.code === "" ? `by ${found.fact.account}` : "before, and this claim was refused";
      findings.say(
        "ENERGY_CERTIFICATE_OTHERS",
        where,
        `Certificate ${id} was claimed ${who} (slot ${slot}).`,
      );
    } else {
      claimedWh += found.payload.volumeWh;
      const same =
        Number(found.payload.genStart) === readInstant(instrument.gen_start) &&
        Number(found.payload.genEnd) === readInstant(instrument.gen_end);
      if (same) return;
      const text =
        `The claim of certificate ${id} (slot ${slot}) names another time of ` + "generation.";
      findings.say("ENERGY_CERTIFICATE_DIFFERS", where, text);
    }
    complete &&= found !== "other";
  });
  if (!complete || claimedWh === 0n || claimedWh === BigInt(instrument.volume_wh)) return;
  const text =
    `The instrument counts ${instrument.volume_wh} Wh; its claims stand for ` + `${claimedWh} Wh.`;
  findings.say("ENERGY_CERTIFICATE_DIFFERS", where, text);
}

/** A certificate is matched in its own interval and zone, and once. */
function checkUse(report: EnergyReport, stepMs: number, findings: Findings): void {
  const certificates = certificatesOf(report.instruments, report.subject.zone);
  report.intervals.forEach(({ start, gc_wh }, at) => {
    const fromMs = readInstant(start);
    if (fromMs === undefined || gc_wh === 0) return;
    const most = certificates(fromMs, fromMs + stepMs);
    if (gc_wh <= most) return;
    const text =
      `${gc_wh} Wh of certificates are matched at ${start}; those of that time and zone have ` +
      `${most} Wh.`;
    findings.say("ENERGY_CERTIFICATE_USE", `intervals.${at}.gc_wh`, text);
  });
}

/** Units against what the ledger has of them. Says ENERGY_WORK_LEDGER. */
export function checkUnits(check: LedgerCheck): void {
  const { report, facts, findings } = check;
  const work = report.work ?? [];
  if (work.length > 0 && facts === null) {
    findings.skip("the units on the ledger", "no ledger was given to look into");
    return;
  }
  work.forEach((unit, at) => {
    const where = `work.${at}`;
    const known = [unit.job_slot, unit.reveal_slot].every((slot) => slot !== undefined);
    if (!known) findings.skip(`unit ${unit.unit.slice(0, 8)}`, "the report names no slots of it");
    const wrong = (text: string): void => findings.say("ENERGY_WORK_LEDGER", where, text);
    if (unit.job_slot !== undefined) checkJob(check, unit, unit.job_slot, wrong);
    if (unit.reveal_slot !== undefined) {
      const found = recordIn(check, unit.reveal_slot, "unit-reveal");
      if (found !== undefined && !isOwn(check, found, unit)) {
        wrong(`Slot ${unit.reveal_slot} is not this account's result of unit ${unit.unit}.`);
      }
    }
    if (unit.energy_slot === undefined) return;
    const found = recordIn(check, unit.energy_slot, "unit-energy");
    if (found === undefined) return;
    const same =
      found !== "other" &&
      isOwn(check, found, unit) &&
      Number(found.payload.energyMillijoules) === unit.energy_mj &&
      Number(found.payload.startMs) === readInstant(unit.start) &&
      // A report may say less of its evidence than was stated, never more.
      found.payload.tier >= ENERGY_TIER_NUMBERS[unit.tier.slice(0, 1) as "A"];
    if (!same) wrong(`Slot ${unit.energy_slot} states another energy of unit ${unit.unit}.`);
  });
}

type OfUnit = { readonly fact: LedgerFact; readonly payload: { readonly unit: Uint8Array } };

function isOwn(check: LedgerCheck, found: OfUnit | "other", unit: ReportWork): boolean {
  return (
    found !== "other" &&
    found.fact.code === "" &&
    found.fact.account === minerOf(check) &&
    bytesToHex(found.payload.unit) === unit.unit
  );
}

/** Steps are the specification's; its price bounds the multiply-adds. */
function checkJob(
  check: LedgerCheck,
  unit: ReportWork,
  slot: number,
  wrong: (text: string) => void,
): void {
  const found = recordIn(check, slot, "job-create");
  if (found === undefined) return;
  const read =
    found === "other" ? undefined : decode(jobSpecificationCodec, found.payload.specification);
  if (found === "other" || read?.ok !== true || found.fact.id !== unit.job) {
    wrong(`Slot ${slot} is not job ${unit.job}.`);
    return;
  }
  const id = bytesToHex(unitId(check.hasher, hexToBytes(unit.job), 0, 0));
  if (id !== unit.unit) wrong(`Unit ${unit.unit} is not of job ${unit.job}.`);
  const { steps, unitPriceBase } = read.value;
  if (steps !== unit.steps) wrong(`The unit has ${steps} steps, not ${unit.steps}.`);
  // The price is the work's, rounded down by less than a millionth of a megamac.
  const macs = (unitPriceBase * 1_000_000n) / PRICE_BASE_PER_MEGAMAC;
  const said = BigInt(unit.macs);
  if (said > macs + 1n || said + 1n < macs) {
    wrong(`The unit's price stands for ${macs} multiply-adds, not ${said}.`);
  }
}
