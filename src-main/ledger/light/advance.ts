/**
 * Decides when a light client moves to a newer commit: certified by the validators it knows, grown
 * from what it knows, one epoch on at most; or named by its owner.
 */

import { decode, fixedBytes, list, optional, struct, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "../../crypto/index.ts";
import { certificateCodec, verifyCertificate } from "../certificate/certificate.ts";
import type { Statement } from "../certificate/statement.ts";
import { validatorSetCodec } from "../genesis/genesis.ts";
import type { Validator } from "../genesis/genesis.ts";
import { STORED_RECORD_BYTES_MAX, VALIDATOR_ROW_BYTES_MAX, VECTOR_PROOF_MAX } from "../limits.ts";
import type { PayloadOf } from "../records/payloads.ts";
import { decodeStoredCommit } from "../records/stored-record.ts";
import { stateProofCodec, verifyStateProof } from "../state/map-proof.ts";
import { stateKey } from "../state/state-view.ts";
import { SINGLE } from "../state/tables.ts";
import { CLOCK_AHEAD_MS_MAX, TRUST_PERIOD_MS } from "./trusted-view.ts";
import type { LightNeeds, TrustedView } from "./trusted-view.ts";

const proof = list(fixedBytes(32), VECTOR_PROOF_MAX);

/** Bytes of an update: a commit, its certificate, and how it follows what is trusted. */
export const lightUpdateCodec = struct({
  certificate: certificateCodec,
  commit: varBytes(STORED_RECORD_BYTES_MAX),
  commitProof: proof,
  /** From the trusted vector to this one; empty from the genesis. */
  consistency: proof,
  /** The row of validators in the trusted state; needed where the epoch is a later one. */
  validators: optional(struct({ row: varBytes(VALIDATOR_ROW_BYTES_MAX), proof: stateProofCodec })),
});

/** An update; worth nothing until `advanceTrust` accepts it. */
export type LightUpdate = ValueOf<typeof lightUpdateCodec>;

/** A commit that the client's owner vouches for, from a source of their own. */
export interface Checkpoint {
  readonly commitDigest: Uint8Array;
  readonly vectorSize: bigint;
  readonly vectorRoot: Uint8Array;
}

/**
 * Moves to a newer commit.
 * @cost    a quorum of signature checks and some 100 hashes
 * @rejects LEDGER_LIGHT_STALE, LEDGER_LIGHT_BACK, LEDGER_LIGHT_EPOCH, LEDGER_LIGHT_VALIDATORS,
 *          LEDGER_LIGHT_COMMIT, LEDGER_LIGHT_FORK, LEDGER_LIGHT_FUTURE, LEDGER_RECEIPT_STATEMENT,
 *          LEDGER_CERTIFICATE_*, CODEC_*, LEDGER_RECORD_SIZE, LEDGER_COMMIT_MISPLACED
 */
export function advanceTrust(
  trusted: TrustedView,
  update: LightUpdate,
  needs: LightNeeds,
): Outcome<TrustedView> {
  if (needs.nowMs > trusted.time + TRUST_PERIOD_MS) {
    return reject("LEDGER_LIGHT_STALE", { timeMs: String(trusted.time) });
  }
  const { statement } = update.certificate;
  const newer = statement.vectorSize > trusted.vectorSize && statement.view > trusted.view;
  if (!newer) return reject("LEDGER_LIGHT_BACK", { size: String(statement.vectorSize) });
  const child = statement.parentView === trusted.view;
  if (statement.epoch < trusted.epoch || (statement.epoch > trusted.epoch + 1n && !child)) {
    return reject("LEDGER_LIGHT_EPOCH", { held: String(trusted.epoch) });
  }
  const validators = validatorsFor(trusted, update, needs);
  if (!validators.ok) return validators;
  const checked = checkCommit({ ...trusted, validators: validators.value }, update, needs);
  if (!checked.ok) return checked;
  const grown =
    trusted.vectorSize === 0n ||
    verifyConsistency(needs.hasher, {
      firstSize: Number(trusted.vectorSize),
      firstRoot: trusted.vectorRoot,
      secondSize: Number(statement.vectorSize),
      secondRoot: statement.vectorRoot,
      proof: update.consistency,
    });
  return grown ? checked : reject("LEDGER_LIGHT_FORK");
}

/**
 * Begins at a commit that the owner names, however old the client is. The validators are those of
 * the state that this very commit names.
 * @rejects LEDGER_LIGHT_CHECKPOINT, LEDGER_LIGHT_VALIDATORS, and those of a commit as above
 */
export function trustCheckpoint(
  genesis: TrustedView,
  checkpoint: Checkpoint,
  update: LightUpdate,
  needs: LightNeeds,
): Outcome<TrustedView> {
  const { commitDigest, vectorRoot, vectorSize } = update.certificate.statement;
  const named =
    vectorSize === checkpoint.vectorSize &&
    bytesEqual(commitDigest, checkpoint.commitDigest) &&
    bytesEqual(vectorRoot, checkpoint.vectorRoot);
  if (!named) return reject("LEDGER_LIGHT_CHECKPOINT");
  const commit = decodeStoredCommit(update.commit, needs.hasher);
  if (!commit.ok) return commit;
  if (!bytesEqual(commit.value.digest, commitDigest)) return reject("LEDGER_LIGHT_COMMIT");
  const { stateRoot } = commit.value.record.payload;
  const validators = provedValidators(stateRoot, update, needs);
  if (!validators.ok) return validators;
  return checkCommit({ ...genesis, validators: validators.value }, update, needs);
}

/** Who certifies the update: the known set, or for a later epoch that of the trusted state. */
function validatorsFor(
  trusted: TrustedView,
  update: LightUpdate,
  needs: LightNeeds,
): Outcome<readonly Validator[]> {
  const { epoch } = update.certificate.statement;
  if (epoch === trusted.epoch || trusted.number === 0n) return accept(trusted.validators);
  return provedValidators(trusted.stateRoot, update, needs);
}

function provedValidators(
  stateRoot: Uint8Array,
  { validators }: LightUpdate,
  { hasher }: LightNeeds,
): Outcome<readonly Validator[]> {
  if (validators === undefined) return reject("LEDGER_LIGHT_VALIDATORS", { because: "absent" });
  const key = stateKey(hasher, "validators", SINGLE);
  if (!verifyStateProof(hasher, stateRoot, key, validators.row, validators.proof)) {
    return reject("LEDGER_LIGHT_VALIDATORS", { because: "proof" });
  }
  return decode(validatorSetCodec, validators.row);
}

/** The view of a certified commit whose record stands where it says. */
function checkCommit(
  trusted: TrustedView,
  update: LightUpdate,
  needs: LightNeeds,
): Outcome<TrustedView> {
  const { genesisHash, validators } = trusted;
  const { hasher, scheme } = needs;
  const certified = verifyCertificate(update.certificate, { genesisHash, validators, scheme });
  if (!certified.ok) return certified;
  const { kind } = certified.value;
  // Notarized is not final: only a finalize says that no other history can be.
  if (kind !== "finalize") return reject("LEDGER_RECEIPT_STATEMENT", { kind });
  const commit = decodeStoredCommit(update.commit, hasher);
  if (!commit.ok) return commit;
  const { payload } = commit.value.record;
  const fits =
    bytesEqual(commit.value.digest, certified.value.commitDigest) &&
    payload.firstSlot + 1n + BigInt(payload.recordCount) === certified.value.vectorSize &&
    stands(certified.value, payload, update, needs);
  if (!fits) return reject("LEDGER_LIGHT_COMMIT");
  if (payload.time > needs.nowMs + CLOCK_AHEAD_MS_MAX) {
    return reject("LEDGER_LIGHT_FUTURE", { timeMs: String(payload.time) });
  }
  const { number, epoch, view, time, firstSlot, stateRoot, outcomeRoot, indexRoot } = payload;
  const { vectorSize, vectorRoot } = certified.value;
  const named = { stateRoot, outcomeRoot, indexRoot };
  const at = { number, epoch, view, time, firstSlot, vectorSize, vectorRoot };
  return accept({ genesisHash, validators, ...at, ...named });
}

function stands(
  { vectorRoot, vectorSize }: Statement,
  { firstSlot }: PayloadOf<"commit">,
  { commit, commitProof }: LightUpdate,
  { hasher }: LightNeeds,
): boolean {
  return verifyInclusion(hasher, vectorRoot, {
    leafHash: leafHash(hasher, commit),
    index: Number(firstSlot),
    size: Number(vectorSize),
    proof: commitProof,
  });
}
