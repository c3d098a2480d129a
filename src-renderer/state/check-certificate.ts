/** Decides what this page believes of a claimed certificate: its row, recomputed here. */

import { hexToBytes } from "../../src-main/contract/bytes.ts";
import type { RowClaimAnswer } from "../../src-main/contract/control-api/light.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import type { Outcome } from "../../src-main/contract/outcome.ts";
import { addressToText } from "../../src-main/crypto/address.ts";
import { CERTIFICATES } from "../../src-main/ledger/light/index.ts";
import type { TrustedView } from "../../src-main/ledger/light/index.ts";
import { checkedRow } from "./light-checks.ts";

/** A certificate by its digest, in the state that a commit names. */
export interface CheckedCertificate {
  readonly digest: string;
  /** Null where it is proved that nobody claimed it. */
  readonly claim: {
    readonly claimant: string;
    readonly volumeWh: bigint;
    /** When the energy was generated. */
    readonly fromMs: number;
    readonly toMs: number;
    readonly slot: number;
  } | null;
  readonly trusted: number;
}

/** Recomputes the row. @rejects LEDGER_LIGHT_STATE, CODEC_* */
export function checkCertificate(
  view: TrustedView,
  digest: string,
  rows: readonly RowClaimAnswer[],
): Outcome<CheckedCertificate> {
  const row = checkedRow(view, rows, CERTIFICATES, hexToBytes(digest));
  if (!row.ok) return row;
  const trusted = Number(view.number);
  if (row.value === undefined) return accept({ digest, claim: null, trusted });
  const { claimant, volumeWh, genStart, genEnd, slot } = row.value;
  const claim = {
    claimant: addressToText(claimant),
    volumeWh,
    fromMs: Number(genStart),
    toMs: Number(genEnd),
    slot: Number(slot),
  };
  return accept({ digest, claim, trusted });
}
