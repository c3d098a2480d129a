/**
 * Decides what an account's day is on the ledger: an RFC 9162 tree whose leaf 0 states the key that
 * signs its reports and whose other leaves are salted digests of the day's rows, by source and then
 * by time. The root says nothing of the rows; whoever is given a row and its salt finds its leaf.
 */

import { bytesToHex, concatBytes } from "../../contract/bytes.ts";
import type { AnchoredRow, KeyStatement, ReportTier } from "../../contract/energy-report.ts";
import { REPORT_TIERS } from "../../contract/energy-report.ts";
import {
  hkdfSha256,
  inclusionProof,
  leafHashes,
  rootFromLeafHashes,
  taggedHash,
} from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { ENERGY_ROW_MS } from "../../ports/energy-store.ts";
import type { EnergyRow } from "../../ports/energy-store.ts";
import type { EnergyTier, SourceRole } from "../../ports/meter.ts";
import { canonicalBytes } from "./canonical.ts";
import { REPORT_TAGS, SALT_BYTES } from "./limits.ts";
import { instantText } from "./report-time.ts";

/** A row with what its source was then. */
export interface TreeRow {
  readonly row: EnergyRow;
  readonly role: SourceRole;
  readonly tier: EnergyTier;
}

/** A day's leaves, before the tree is made. */
export interface DayLeaves {
  readonly rows: readonly { readonly salt: Uint8Array; readonly row: AnchoredRow }[];
  /** Hashes of all leaves, the key's first. */
  readonly hashes: readonly Uint8Array[];
}

/** The tier as reports write it. */
export function reportTier(tier: EnergyTier): ReportTier {
  const found = REPORT_TIERS.find((name) => name.startsWith(tier));
  return found ?? "E-declared";
}

/** Secret of a day's salts: derived, so a crash loses nothing; kept, so that a key may change. */
export function daySecret(workerSecret: Uint8Array, genesis: Uint8Array, day: number): Uint8Array {
  const info = new TextEncoder().encode(`${REPORT_TAGS.daySecret} ${day}`);
  return hkdfSha256({ secret: workerSecret, salt: genesis, info }, 32);
}

/** A row as it goes into the tree. Rows of the grid are nobody's meter and do not. */
export function anchoredRow({ row, role, tier }: TreeRow): AnchoredRow {
  return {
    source: row.source,
    role: role === "grid" ? "load" : role,
    start: instantText(row.startMs),
    length_s: (ENERGY_ROW_MS / 1_000) as 300,
    energy_mj: row.millijoules,
    wh: row.wattHours,
    measured_ms: row.measuredMs,
    quality: row.quality,
    register_end_mj: row.registerEndMillijoules,
    tier: reportTier(tier),
    clock: row.clock,
  };
}

/** Hash of the leaf of a row. */
export function rowLeaf(hasher: Hasher, salt: Uint8Array, row: AnchoredRow): Uint8Array {
  return taggedHash(hasher, REPORT_TAGS.row, salt, canonicalBytes(row));
}

/** Hash of leaf 0. */
export function keyLeaf(hasher: Hasher, statement: KeyStatement): Uint8Array {
  return taggedHash(hasher, REPORT_TAGS.keyLeaf, canonicalBytes(statement));
}

/** The leaves of a day. */
export function dayLeaves(
  hasher: Hasher,
  statement: KeyStatement,
  secret: Uint8Array,
  rows: readonly TreeRow[],
): DayLeaves {
  const order = [...rows].sort((left, right) =>
    left.row.source === right.row.source
      ? left.row.startMs - right.row.startMs
      : left.row.source < right.row.source
        ? -1
        : 1,
  );
  const salted = order.map((one) => {
    const row = anchoredRow(one);
    const info = new TextEncoder().encode(`${REPORT_TAGS.salt} ${row.start} ${row.source}`);
    const salt = hkdfSha256({ secret, salt: new Uint8Array(0), info }, SALT_BYTES);
    return { salt, row };
  });
  const leaves = [
    keyLeaf(hasher, statement),
    ...salted.map(({ salt, row }) => rowLeaf(hasher, salt, row)),
  ];
  return { rows: salted, hashes: leafHashes(hasher, leaves) };
}

/** The root that is anchored. */
export function dayRoot(hasher: Hasher, { hashes }: Pick<DayLeaves, "hashes">): Uint8Array {
  return rootFromLeafHashes(hasher, hashes);
}

/** From leaf 0 to the root. */
export function keyPath(hasher: Hasher, { hashes }: Pick<DayLeaves, "hashes">): string[] {
  return inclusionProof(hasher, hashes, 0).map(bytesToHex);
}

/** Serial numbers stay on the machine; the salted hash tells one meter in two reports. */
export function serialHash(hasher: Hasher, secret: Uint8Array, serial: string): string {
  const bytes = concatBytes(secret, new TextEncoder().encode(serial));
  return `sha256:${bytesToHex(taggedHash(hasher, REPORT_TAGS.serial, bytes))}`;
}
