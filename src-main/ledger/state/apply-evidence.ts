/**
 * Decides when a validator is punished: two statements of one epoch and view, both signed by its
 * consensus key, that no honest key ever signs both. It counts once for each view, whoever shows
 * it and whichever pair is shown.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import { voteCodec } from "../certificate/certificate.ts";
import type { Vote } from "../certificate/certificate.ts";
import { statementMessage, statementsEqual } from "../certificate/statement.ts";
import type { Statement } from "../certificate/statement.ts";
import { genesisHash } from "../genesis/genesis.ts";
import { slash } from "./bonds.ts";
import { parametersOf } from "./parameters.ts";
import type { Rule, RuleContext } from "./rule.ts";
import { OFFENCES, SINGLE, UNBONDINGS, VALIDATORS, WORKERS } from "./tables.ts";

/**
 * Whether no honest validator signs both: two different ones of a kind, or nullify and finalize,
 * for one view. A notarize and a nullify may both be honest, a timeout apart.
 */
export function excludeEachOther(left: Statement, right: Statement): boolean {
  if (left.epoch !== right.epoch || left.view !== right.view) return false;
  if (left.kind === right.kind) return !statementsEqual(left, right);
  const kinds = [left.kind, right.kind];
  return kinds.includes("nullify") && kinds.includes("finalize");
}

/**
 * @cost    two strict Ed25519 verifications
 * @rejects LEDGER_EVIDENCE_FORM, LEDGER_EVIDENCE_NETWORK, LEDGER_EVIDENCE_VALIDATOR,
 *          LEDGER_EVIDENCE_AGREES, LEDGER_EVIDENCE_SIGNATURE, LEDGER_EVIDENCE_KNOWN,
 *          LEDGER_EVIDENCE_BOND
 */
export const applyEvidence: Rule<"evidence"> = (overlay, { account, slot }, payload, context) => {
  const first = decode(voteCodec, payload.first);
  const second = decode(voteCodec, payload.second);
  if (!first.ok || !second.ok) return reject("LEDGER_EVIDENCE_FORM");
  const votes = [first.value, second.value];
  const network = genesisHash(context.hasher, context.genesis);
  if (votes.some(({ statement }) => !bytesEqual(statement.genesisHash, network))) {
    return reject("LEDGER_EVIDENCE_NETWORK");
  }
  const validators = overlay.read(VALIDATORS, SINGLE);
  invariant(validators !== undefined, "a state has its validators");
  const { validator: index, statement } = first.value;
  const validator = validators[index];
  if (validator === undefined || second.value.validator !== index) {
    return reject("LEDGER_EVIDENCE_VALIDATOR");
  }
  if (!excludeEachOther(statement, second.value.statement)) {
    return reject("LEDGER_EVIDENCE_AGREES");
  }
  const { consensusKey, address } = validator;
  if (!votes.every((vote) => signedBy(consensusKey, vote, context))) {
    return reject("LEDGER_EVIDENCE_SIGNATURE");
  }
  const offence = offenceId(consensusKey, statement);
  if (overlay.read(OFFENCES, offence) !== undefined) return reject("LEDGER_EVIDENCE_KNOWN");
  const bonded = overlay.read(WORKERS, address) ?? overlay.read(UNBONDINGS, address);
  if (bonded === undefined) return reject("LEDGER_EVIDENCE_BOND");
  overlay.write(OFFENCES, offence, { reporter: account, slot });
  const { slashPermille } = parametersOf(overlay, context);
  const slashed = slash(overlay, address, slashPermille, account);
  return accept([{ kind: "slashed", account: address, to: account, ...slashed }]);
};

function signedBy(key: Uint8Array, vote: Vote, { verifyEd25519 }: RuleContext): boolean {
  return verifyEd25519(key, statementMessage(vote.statement), vote.signature);
}

function offenceId(consensusKey: Uint8Array, { epoch, view }: Statement): Uint8Array {
  const moment = new DataView(new ArrayBuffer(16));
  moment.setBigUint64(0, epoch, true);
  moment.setBigUint64(8, view, true);
  return concatBytes(consensusKey, new Uint8Array(moment.buffer));
}
