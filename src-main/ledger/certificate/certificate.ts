/**
 * Decides what proves that a quorum of validators said one thing: a bitmap and their votes behind
 * a scheme, so that another signature scheme can replace Ed25519. Certificate bytes are not unique
 * (any quorum will do); nothing agreed upon hashes them.
 */

import { fixedBytes, list, struct, u32, u8, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Validator } from "../genesis/genesis.ts";
import { VALIDATORS_MAX } from "../limits.ts";
import { statementCodec, statementMessage, statementsEqual } from "./statement.ts";
import type { Statement } from "./statement.ts";

/** Scheme 0: one 64-byte Ed25519 signature for each set bit, lowest index first. */
export const SCHEME_ED25519 = 0;

/** Bytes of a vote. */
export const voteCodec = struct({
  statement: statementCodec,
  validator: u32,
  signature: fixedBytes(64),
});

/** One validator's signed statement. */
export type Vote = ValueOf<typeof voteCodec>;

/** Bytes of a certificate. */
export const certificateCodec = struct({
  statement: statementCodec,
  scheme: u8,
  signers: varBytes(VALIDATORS_MAX / 8),
  signatures: list(varBytes(256), VALIDATORS_MAX),
});

/** A statement and the votes of a quorum for it. */
export type Certificate = ValueOf<typeof certificateCodec>;

/** A way to put votes into a certificate and to check them again. */
export interface CertificateScheme {
  readonly id: number;
  /** Signatures for the signers, ascending by index. */
  combine(votes: readonly Vote[]): readonly Uint8Array[];
  /** Whether every signer signed the message. */
  verify(
    keys: readonly Uint8Array[],
    signatures: readonly Uint8Array[],
    message: Uint8Array,
  ): boolean;
}

/** Strict Ed25519 verification: (public key 32, message, signature 64). */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** The scheme of scheme id 0. */
export function ed25519Scheme(verify: VerifyEd25519): CertificateScheme {
  return {
    id: SCHEME_ED25519,
    combine: (votes) => votes.map((vote) => vote.signature),
    verify: (keys, signatures, message) =>
      keys.length === signatures.length &&
      keys.every(
        (key, index) => signatures[index].length === 64 && verify(key, message, signatures[index]),
      ),
  };
}

/** Least weight of a quorum: ⌊2W/3⌋ + 1. */
export function quorumWeight(validators: readonly Validator[]): bigint {
  let total = 0n;
  for (const validator of validators) total += validator.weight;
  return (2n * total) / 3n + 1n;
}

/**
 * Puts checked votes for one statement together.
 * @rejects LEDGER_CERTIFICATE_QUORUM when their weight is no quorum
 */
export function certificateOf(
  votes: readonly Vote[],
  validators: readonly Validator[],
  scheme: CertificateScheme,
): Outcome<Certificate> {
  const first = votes[0];
  if (first === undefined) return reject("LEDGER_CERTIFICATE_QUORUM", { votes: 0 });
  const sorted = [...votes].sort((left, right) => left.validator - right.validator);
  const signers = new Uint8Array(Math.floor((validators.length + 7) / 8));
  let weight = 0n;
  for (const [position, vote] of sorted.entries()) {
    const repeated = position > 0 && sorted[position - 1].validator === vote.validator;
    invariant(!repeated && vote.validator < validators.length, "one vote for each validator");
    invariant(statementsEqual(vote.statement, first.statement), "all votes say the same");
    signers[vote.validator >> 3] |= 1 << (vote.validator & 7);
    weight += validators[vote.validator].weight;
  }
  if (weight < quorumWeight(validators)) {
    return reject("LEDGER_CERTIFICATE_QUORUM", { votes: votes.length });
  }
  const signatures = scheme.combine(sorted);
  return accept({ statement: first.statement, scheme: scheme.id, signers, signatures });
}

/** What a certificate is checked against. */
export interface CertificateContext {
  readonly genesisHash: Uint8Array;
  readonly validators: readonly Validator[];
  readonly scheme: CertificateScheme;
}

/**
 * Checks a certificate; never throws on any decoded one.
 * @rejects LEDGER_CERTIFICATE_NETWORK, LEDGER_CERTIFICATE_FORM, LEDGER_CERTIFICATE_QUORUM,
 *          LEDGER_CERTIFICATE_SIGNATURE
 */
export function verifyCertificate(
  certificate: Certificate,
  context: CertificateContext,
): Outcome<Statement> {
  const { validators, scheme } = context;
  const { statement, signers, signatures } = certificate;
  if (!bytesEqual(statement.genesisHash, context.genesisHash)) {
    return reject("LEDGER_CERTIFICATE_NETWORK");
  }
  const indexes = setBits(signers);
  const last = indexes[indexes.length - 1] ?? -1;
  const fits = signers.length === Math.floor((validators.length + 7) / 8);
  if (certificate.scheme !== scheme.id || !fits || last >= validators.length) {
    return reject("LEDGER_CERTIFICATE_FORM", { scheme: certificate.scheme, last });
  }
  let weight = 0n;
  for (const index of indexes) weight += validators[index].weight;
  if (weight < quorumWeight(validators)) {
    return reject("LEDGER_CERTIFICATE_QUORUM", { votes: indexes.length });
  }
  const keys = indexes.map((index) => validators[index].consensusKey);
  if (!scheme.verify(keys, signatures, statementMessage(statement))) {
    return reject("LEDGER_CERTIFICATE_SIGNATURE");
  }
  return accept(statement);
}

function setBits(bitmap: Uint8Array): number[] {
  const indexes: number[] = [];
  for (let index = 0; index < 8 * bitmap.length; index += 1) {
    if ((bitmap[index >> 3] >> (index & 7)) & 1) indexes.push(index);
  }
  return indexes;
}
