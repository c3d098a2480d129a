/**
 * Decides whether a key may sign a statement: never two different ones of a kind for a view, never
 * for an older view, never nullify and finalize both. The guard's bytes reach the disk before the
 * signature exists, so a crash between the two cannot lead to a second one.
 */

import { optional, struct } from "../codec/index.ts";
import type { ValueOf } from "../codec/index.ts";
import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { statementCodec, statementsEqual } from "../ledger/index.ts";
import type { Statement } from "../ledger/index.ts";

const slot = optional(statementCodec);

/** Bytes of a guard: the last statement of each kind. */
export const signGuardCodec = struct({ notarize: slot, nullify: slot, finalize: slot });

/** What a key signed last. */
export type SignGuard = ValueOf<typeof signGuardCodec>;

/** The guard of a key that signed nothing yet. */
export const EMPTY_SIGN_GUARD: SignGuard = {
  notarize: undefined,
  nullify: undefined,
  finalize: undefined,
};

/**
 * The guard with which a statement may be signed; persist it, then sign. The same statement may be
 * signed again: Ed25519 gives the same bytes.
 * @rejects CONSENSUS_GUARD
 */
export function guardedStatement(guard: SignGuard, statement: Statement): Outcome<SignGuard> {
  const last = guard[statement.kind];
  const again = last !== undefined && statementsEqual(last, statement);
  const older = last !== undefined && last.view >= statement.view && !again;
  // Only the last of each kind is held, so a view at or below the other kind's is refused too:
  // whether that very view was finalized or nullified is no longer known.
  const other = statement.kind === "nullify" ? guard.finalize : guard.nullify;
  const excluded = other !== undefined && other.view >= statement.view;
  const clashes = statement.kind !== "notarize" && excluded && !again;
  if (older || clashes) {
    return reject("CONSENSUS_GUARD", { kind: statement.kind, view: String(statement.view) });
  }
  return accept({ ...guard, [statement.kind]: statement });
}
