/**
 * Recomputes an energy report from its file alone: signature, totals, intervals from their rows,
 * the day's root. Written apart from the program: it imports nothing but Node's own cryptography,
 * and works in whole numbers. Prints what it finds as JSON.
 */
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** RFC 8785 for what reports hold: keys by code units, numbers and texts as JavaScript has them. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function signatureHolds() {
  const { signatures, ...said } = report;
  const [{ kid, sig }] = signatures;
  const der = Buffer.concat([
    Buffer.from("302a300506032b6570032100", "hex"),
    Buffer.from(kid, "base64url"),
  ]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  return verify(null, Buffer.from(canonical(said)), key, Buffer.from(sig, "base64url"));
}

/** Decimal text as a whole number of the last of so many places. */
function places(number, count) {
  const [whole, fraction = ""] = String(number).split(".");
  return BigInt(whole + fraction.padEnd(count, "0"));
}

const up = (a, b) => (a + b - 1n) / b;
const min = (a, b) => (a < b ? a : b);

function totals() {
  let [load, matched, measured, cfe, location, market, band] = [0n, 0n, 0n, 0n, 0n, 0n, 0n];
  const missing = { cfe: false, location: false, market: false };
  const error = Object.fromEntries(report.sources.map((s) => [s.id, places(s.uncertainty_pct, 2)]));
  for (const i of report.intervals) {
    const energy = BigInt(i.load_wh);
    const onSite = BigInt(i.own_wh) + BigInt(i.storage_wh);
    const claimed = report.own_attributes === "retained" ? onSite : 0n;
    const met = min(energy, claimed + BigInt(i.gc_wh));
    const bought = energy - min(energy, onSite);
    load += energy;
    matched += met;
    if (i.quality === "measured") measured += energy * places(i.coverage, 4);
    if (energy > met && (i.grid_cfe ?? null) === null) missing.cfe = true;
    else if (energy > met) cfe += (energy - met) * places(i.grid_cfe, 4);
    if (bought > 0n && (i.grid_g_per_kwh ?? null) === null) missing.location = true;
    else if (bought > 0n) location += bought * places(i.grid_g_per_kwh, 3);
    if (energy > met && (i.residual_g_per_kwh ?? null) === null) missing.market = true;
    else if (energy > met) market += (energy - met) * places(i.residual_g_per_kwh, 3);
    band += energy * error[i.load_src];
  }
  const share = (part) => Number(part / load) / 10_000;
  return {
    load_wh: Number(load),
    measured_share: share(measured),
    matched_wh: Number(matched),
    hourly_match: share(matched * 10_000n),
    cfe_score: missing.cfe ? null : share(matched * 10_000n + cfe),
    location_g: missing.location ? null : Number(up(location, 1_000n)) / 1_000,
    market_g: missing.market ? null : Number(up(market, 1_000n)) / 1_000,
    uncertainty_pct: Number(up(band, load)) / 100,
  };
}

/** The RFC 9162 root over leaf hashes. */
function root(leaves) {
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const sides = [root(leaves.slice(0, split)), root(leaves.slice(split))];
  return sha256(Buffer.of(1), ...sides);
}

const tagged = (tag, ...parts) => sha256(Buffer.of(tag.length), Buffer.from(tag), ...parts);
const leafHash = (leaf) => sha256(Buffer.of(0), leaf);

/** Rows that are not under their root, and roots that their leaves do not make. */
function anchorFaults() {
  const faults = [];
  for (const anchor of report.anchors ?? []) {
    const leaves = anchor.leaves.map((hex) => Buffer.from(hex, "hex"));
    if (root(leaves).toString("hex") !== anchor.root) faults.push(`root of ${anchor.day}`);
    const statement = tagged("vivian/energy/key-leaf/1", Buffer.from(canonical(anchor.key)));
    if (!leafHash(statement).equals(leaves[0])) faults.push(`key of ${anchor.day}`);
    for (const { index, salt, row } of anchor.disclosed) {
      const bytes = Buffer.from(canonical(row));
      const leaf = tagged("vivian/energy/row/1", Buffer.from(salt, "hex"), bytes);
      if (!leafHash(leaf).equals(leaves[index])) faults.push(`row ${index} of ${anchor.day}`);
    }
  }
  return faults;
}

/** Whole Wh of each interval from the disclosed rows of its sources. */
function fromRows() {
  const rows = (report.anchors ?? []).flatMap(({ disclosed }) => disclosed.map(({ row }) => row));
  const step = report.period.step_s * 1_000;
  return report.intervals.map(({ start, load_src, own_src }) => {
    const from = Date.parse(start);
    const sum = (source) =>
      rows
        .filter((row) => row.source === source)
        .filter((row) => Date.parse(row.start) >= from && Date.parse(row.start) < from + step)
        .reduce((wh, row) => wh + row.wh, 0);
    return { load_wh: sum(load_src), own_wh: own_src === undefined ? 0 : sum(own_src) };
  });
}

const found = { signature: signatureHolds(), totals: totals(), rows: fromRows() };
process.stdout.write(`${JSON.stringify({ ...found, faults: anchorFaults() })}\n`);
