/**
 * Decides what a person's payment looks like as a record, whether the command signs it or the
 * daemon: its lane, its fee, and how long it counts.
 */

import type { Hasher } from "../crypto/index.ts";
import { nobleSignatures, SIGNATURE_BYTES } from "../crypto/index.ts";
import { feeOf, genesisHash, recordContext, signRecord, storedBytes } from "../ledger/index.ts";
import type { Genesis, LedgerRecord } from "../ledger/index.ts";
import type { AccountKey } from "../wallet/index.ts";

/**
 * Lane of what a person sends. The daemon's own records of the owner use lane 0, so neither ever
 * waits for, or takes the nonce of, the other.
 */
export const SPEND_LANE = 1;

/** A payment that is not in the ledger by then never will be. */
const VALID_MS = 600_000;

/** Who gets how much. */
export interface Transfer {
  readonly to: Uint8Array;
  readonly amountBase: bigint;
}

/** Every field of a transfer has a fixed width, so any transfer has the same fee. */
export function transferFee(genesis: Genesis, account: Uint8Array): bigint {
  const payload = { kind: "transfer", to: account, amountBase: 0n } as const;
  const lane = SPEND_LANE;
  const record = { account, lane, nonce: 0n, validUntil: 0n, maxFee: 0n, payload };
  const bytes = storedBytes(record, new Uint8Array(SIGNATURE_BYTES)).length;
  return feeOf(genesis.constants, bytes);
}

/** Stored bytes of a signed transfer. @param nowMs  the machine's clock */
export function signTransfer(
  hasher: Hasher,
  genesis: Genesis,
  { secret, address }: AccountKey,
  { to, amountBase }: Transfer,
  { nonce, nowMs }: { readonly nonce: bigint; readonly nowMs: number },
): Uint8Array {
  const record: LedgerRecord = {
    account: address,
    lane: SPEND_LANE,
    nonce,
    validUntil: BigInt(nowMs + VALID_MS),
    maxFee: transferFee(genesis, address),
    payload: { kind: "transfer", to, amountBase },
  };
  const context = recordContext(hasher, genesisHash(hasher, genesis));
  return signRecord(record, context, (digest) => nobleSignatures.sign(digest, secret));
}
