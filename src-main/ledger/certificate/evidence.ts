/**
 * Decides what shows that a validator broke its word: two votes of its consensus key, for one epoch
 * and view, that no honest key ever signs both.
 */

import { decode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Validator } from "../genesis/genesis.ts";
import { voteCodec } from "./certificate.ts";
import type { VerifyEd25519, Vote } from "./certificate.ts";
import { statementMessage, statementsEqual } from "./statement.ts";
import type { Statement } from "./statement.ts";

/** The canonical bytes of two votes. */
export interface VotePair {
  readonly first: Uint8Array;
  readonly second: Uint8Array;
}

/** What evidence is checked against. */
export interface EvidenceContext {
  readonly genesisHash: Uint8Array;
  /** Those whose votes counted in that epoch. */
  readonly validators: readonly Validator[];
  readonly verifyEd25519: VerifyEd25519;
}

/** Two statements that exclude each other, both signed by one validator. */
export interface Evidence {
  /** Its place in the set. */
  readonly index: number;
  readonly validator: Validator;
  readonly first: Statement;
  readonly second: Statement;
}

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
 * Checks evidence, without asking whether it was shown before.
 * @cost    two strict Ed25519 verifications
 * @rejects LEDGER_EVIDENCE_FORM, LEDGER_EVIDENCE_NETWORK, LEDGER_EVIDENCE_VALIDATOR,
 *          LEDGER_EVIDENCE_AGREES, LEDGER_EVIDENCE_SIGNATURE
 */
export function checkEvidence(pair: VotePair, context: EvidenceContext): Outcome<Evidence> {
  const first = decode(voteCodec, pair.first);
  const second = decode(voteCodec, pair.second);
  if (!first.ok || !second.ok) return reject("LEDGER_EVIDENCE_FORM");
  const votes = [first.value, second.value];
  if (votes.some(({ statement }) => !bytesEqual(statement.genesisHash, context.genesisHash))) {
    return reject("LEDGER_EVIDENCE_NETWORK");
  }
  const { validator: index, statement } = first.value;
  const validator = context.validators[index];
  if (validator === undefined || second.value.validator !== index) {
    return reject("LEDGER_EVIDENCE_VALIDATOR");
  }
  if (!excludeEachOther(statement, second.value.statement)) {
    return reject("LEDGER_EVIDENCE_AGREES");
  }
  const { consensusKey } = validator;
  const isSigned = ({ statement, signature }: Vote): boolean =>
    context.verifyEd25519(consensusKey, statementMessage(statement), signature);
  if (!votes.every(isSigned)) return reject("LEDGER_EVIDENCE_SIGNATURE");
  return accept({ index, validator, first: statement, second: second.value.statement });
}
