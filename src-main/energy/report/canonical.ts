/**
 * Decides the bytes of a report: RFC 8785 (JSON canonicalization). What is signed is everything but
 * `signatures`; its SHA-256 is what the next report names as `prev`.
 */

import canonicalize from "canonicalize";

import { bytesToHex } from "../../contract/bytes.ts";
import type { EnergyReport } from "../../contract/energy-report.ts";
import { invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";

/** A report before it is signed. */
export type UnsignedReport = Omit<EnergyReport, "signatures">;

/** The canonical text of a JSON value. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  invariant(text !== undefined, "a JSON value has a canonical form");
  return text;
}

/** The canonical bytes of a JSON value. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalText(value));
}

/** What signatures are over. */
export function signedBytes(report: UnsignedReport | EnergyReport): Uint8Array {
  const part: Record<string, unknown> = { ...report };
  delete part.signatures;
  return canonicalBytes(part);
}

/** What stands for a report, 64 hex digits; independent of who signed it. */
export function reportDigest(hasher: Hasher, report: UnsignedReport | EnergyReport): string {
  return bytesToHex(hasher(signedBytes(report)));
}
