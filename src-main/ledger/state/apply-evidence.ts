/**
 * Decides when a validator is punished: two statements that exclude each other, both signed by it.
 * It counts once for each view, whoever shows it and whichever pair is shown.
 */

import { concatBytes } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import { checkEvidence } from "../certificate/evidence.ts";
import type { Statement } from "../certificate/statement.ts";
import { genesisHash } from "../genesis/genesis.ts";
import { slash } from "./bonds.ts";
import { parametersOf } from "./parameters.ts";
import type { Rule } from "./rule.ts";
import { OFFENCES, SINGLE, UNBONDINGS, VALIDATORS, WORKERS } from "./tables.ts";

/**
 * @cost    two strict Ed25519 verifications
 * @rejects those of `checkEvidence`, LEDGER_EVIDENCE_KNOWN, LEDGER_EVIDENCE_BOND
 */
export const applyEvidence: Rule<"evidence"> = (overlay, { account, slot }, payload, context) => {
  const validators = overlay.read(VALIDATORS, SINGLE);
  invariant(validators !== undefined, "a state has its validators");
  const network = genesisHash(context.hasher, context.genesis);
  const { verifyEd25519 } = context;
  const shown = checkEvidence(payload, { genesisHash: network, validators, verifyEd25519 });
  if (!shown.ok) return shown;
  const { consensusKey, address } = shown.value.validator;
  const offence = offenceId(consensusKey, shown.value.first);
  if (overlay.read(OFFENCES, offence) !== undefined) return reject("LEDGER_EVIDENCE_KNOWN");
  const bonded = overlay.read(WORKERS, address) ?? overlay.read(UNBONDINGS, address);
  if (bonded === undefined) return reject("LEDGER_EVIDENCE_BOND");
  overlay.write(OFFENCES, offence, { reporter: account, slot });
  const { slashPermille } = parametersOf(overlay, context);
  const slashed = slash(overlay, address, slashPermille, account);
  return accept([{ kind: "slashed", account: address, to: account, ...slashed }]);
};

function offenceId(consensusKey: Uint8Array, { epoch, view }: Statement): Uint8Array {
  const moment = new DataView(new ArrayBuffer(16));
  moment.setBigUint64(0, epoch, true);
  moment.setBigUint64(8, view, true);
  return concatBytes(consensusKey, new Uint8Array(moment.buffer));
}
