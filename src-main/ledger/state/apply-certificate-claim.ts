/**
 * Decides when a cancelled certificate is claimed: once, by whoever comes first, for energy that
 * was generated before. That it was cancelled for the claimant is the registry's to say.
 */

import { encode } from "../../codec/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import { chargeDeposit, NO_DEPOSIT } from "./deposits.ts";
import { certificateRowCodec, CERTIFICATES } from "./rows-energy.ts";
import type { Rule } from "./rule.ts";

/**
 * @rejects LEDGER_CERTIFICATE_CLAIMED (by anybody, the sender too), LEDGER_CERTIFICATE_EMPTY,
 *          LEDGER_CERTIFICATE_TIME, LEDGER_DEPOSIT_SHORT
 */
export const applyCertificateClaim: Rule<"certificate-claim"> = (
  overlay,
  sender,
  payload,
  context,
) => {
  const { certificate, volumeWh, genStart, genEnd } = payload;
  const held = overlay.read(CERTIFICATES, certificate);
  if (held !== undefined) {
    return reject("LEDGER_CERTIFICATE_CLAIMED", { slot: String(held.slot) });
  }
  if (volumeWh === 0n) return reject("LEDGER_CERTIFICATE_EMPTY");
  if (genStart >= genEnd || genEnd > context.time) return reject("LEDGER_CERTIFICATE_TIME");
  const { account: claimant, slot } = sender;
  const row = { claimant, volumeWh, genStart, genEnd, slot, deposit: NO_DEPOSIT };
  const bytes = encode(certificateRowCodec, row).length;
  const deposit = chargeDeposit(overlay, claimant, bytes, context);
  if (!deposit.ok) return deposit;
  overlay.write(CERTIFICATES, certificate, { ...row, deposit: deposit.value });
  return accept([]);
};
