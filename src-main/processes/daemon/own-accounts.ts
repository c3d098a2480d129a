/**
 * Decides which accounts are this machine's: those whose keys are here, and the one that work is
 * paid to. The ledger says which that is; settings that say otherwise are refused, because a
 * setting that changes nothing would be believed.
 */

import type { OwnAccount } from "../../api/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import type { Node } from "../../node/index.ts";
import type { Config } from "../config/keys.ts";
import type { Founding } from "./founding.ts";

/** The address that the settings name for pay; null where they leave it to the ledger. */
export function configuredPayout({ payoutAddress }: Config): Uint8Array | null {
  if (payoutAddress === "") return null;
  const address = parseAddress(payoutAddress);
  invariant(address.ok, "settings were checked when they were read");
  return address.value;
}

/**
 * This machine's accounts; the one that is paid only where it is none of the others.
 * Throws Fault PROCESSES_PAYOUT when the ledger pays another address than the settings name.
 */
export function ownAccounts(
  config: Config,
  node: Pick<Node, "account">,
  { keys }: Pick<Founding, "keys">,
): OwnAccount[] {
  const own: OwnAccount[] = [
    { role: "owner", address: keys.owner.address },
    { role: "worker", address: keys.worker.address },
    { role: "verifier", address: keys.verifier.address },
  ];
  const wanted = configuredPayout(config);
  for (const { address } of [keys.worker, keys.verifier]) {
    const paid = node.account(address).worker?.payout;
    if (paid === undefined) continue;
    if (wanted !== null && !bytesEqual(paid, wanted)) throw otherPayout(paid, wanted);
    const isKnown = own.some((account) => bytesEqual(account.address, paid));
    if (!isKnown) own.push({ role: "payout", address: paid });
  }
  return own;
}

function otherPayout(paid: Uint8Array, wanted: Uint8Array): Fault {
  const facts = { ledger: addressToText(paid), "config.toml": addressToText(wanted) };
  return new Fault("PROCESSES_PAYOUT", "the ledger pays another address", facts);
}
