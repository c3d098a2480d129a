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
 * What stands for a certificate: H(tag ‖ registry ‖ 0 ‖ id), names in UTF-8 as the registry writes
 * them. A registry's name holds no zero byte, so no two pairs meet.
 */
export function certificateDigest(hasher: Hasher, registry: string, id: string): Uint8Array {
  const names = [registry, id].map((name) => new TextEncoder().encode(name));
  for (const name of names) {
    const sound = name.length > 0 && name.length <= CERTIFICATE_NAME_BYTES_MAX;
    invariant(sound && !name.includes(0), "a registry and an id have 1 to 128 bytes, none zero");
  }
  const joined = concatBytes(names[0], Uint8Array.of(0), names[1]);
  return taggedHash(hasher, TAGS.certificate, joined);
}
