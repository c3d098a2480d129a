/**
 * Decides the fields of payloads about energy: a certificate that is claimed, and what a unit's
 * training cost (ARCHITECTURE.md section 18). The daily root is in publication-payloads.ts.
 */

import { fixedBytes, u64, u8 } from "../../codec/index.ts";

const digest = fixedBytes(32);

/**
 * Claims a cancelled certificate: its digest (`certificateDigest`), its energy, and the time in
 * which that was generated, in milliseconds.
 */
export const certificateClaimFields = {
  certificate: digest,
  volumeWh: u64,
  genStart: u64,
  genEnd: u64,
} as const;

/** What the training of a unit cost, as its worker states it; `tier` is 1 (E) to 5 (A). */
export const unitEnergyFields = {
  unit: digest,
  tier: u8,
  energyMillijoules: u64,
  startMs: u64,
  endMs: u64,
} as const;
