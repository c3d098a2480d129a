/**
 * Decides what the rows of claimed certificates and of units' energy hold, and what a certificate's
 * digest is (ARCHITECTURE.md section 18).
 */

import { fixedBytes, struct, u64, u8 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { concatBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { taggedHash } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { TAGS } from "../tags.ts";
import { depositCodec } from "./deposits.ts";
import type { Table } from "./tables.ts";

/** A certificate that was claimed; it stays for ever, so that nobody claims it again. */
export const certificateRowCodec = struct({
  claimant: fixedBytes(20),
  volumeWh: u64,
  genStart: u64,
  genEnd: u64,
  slot: u64,
  deposit: depositCodec,
});

/** What a unit's worker stated of its energy; leaves with the unit. */
export const unitEnergyRowCodec = struct({
  tier: u8,
  energyMillijoules: u64,
  startMs: u64,
  endMs: u64,
  slot: u64,
  deposit: depositCodec,
});

export type CertificateRow = ValueOf<typeof certificateRowCodec>;
export type UnitEnergyRow = ValueOf<typeof unitEnergyRowCodec>;

const depositOf = (row: { readonly deposit: { readonly depositBase: bigint } }): bigint =>
  row.deposit.depositBase;

/** By the certificate's digest. */
export const CERTIFICATES: Table<CertificateRow> = {
  name: "certificates",
  codec: certificateRowCodec,
  moneyOf: depositOf,
};
/** By unit id. */
export const UNIT_ENERGIES: Table<UnitEnergyRow> = {
  name: "unit-energies",
  codec: unitEnergyRowCodec,
  moneyOf: depositOf,
};

/** Tiers as numbers: more is better, 0 is none. */
export const ENERGY_TIER_NUMBERS = { E: 1, D: 2, C: 3, B: 4, A: 5 } as const;

/** Longest name of a registry and of a certificate in it, in bytes. */
export const CERTIFICATE_NAME_BYTES_MAX = 128;

/**
 * One spelling of a registry or an id: "hkn " and "HKN" are one registry, or one certificate could
 * be claimed as often as it can be written.
 */
export function certificateName(text: string): string {
  // Capitals may be made of parts that have a form of their own again.
  const spelt = text.normalize("NFKC").toUpperCase().normalize("NFKC");
  return spelt.trim().replace(/\s+/gu, " ");
}

/** Whether a registry or an id can be claimed under: 1 to 128 bytes as it is spelt, none zero. */
export function isCertificateName(text: string): boolean {
  const { length } = new TextEncoder().encode(certificateName(text));
  return length > 0 && length <= CERTIFICATE_NAME_BYTES_MAX && !text.includes("\0");
}

/**
 * What stands for a certificate: H(tag ‖ registry ‖ 0 ‖ id), names in UTF-8 in their one spelling
 * (`certificateName`). A registry's name holds no zero byte, so no two pairs meet.
 * @bound both are names (`isCertificateName`)
 */
export function certificateDigest(hasher: Hasher, registry: string, id: string): Uint8Array {
  invariant(isCertificateName(registry) && isCertificateName(id), "both are names");
  const names = [registry, id].map((name) => new TextEncoder().encode(certificateName(name)));
  const joined = concatBytes(names[0], Uint8Array.of(0), names[1]);
  return taggedHash(hasher, TAGS.certificate, joined);
}
