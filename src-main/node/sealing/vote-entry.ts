/**
 * Decides what a validator writes down before it signs: the guard of its key and the whole commit
 * the statements are about. After a crash between signing and storing, the very same commit is
 * finished, so that nothing was ever signed in vain or twice.
 */

import { decode, encode, list, struct, varBytes } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import { EMPTY_SIGN_GUARD, signGuardCodec } from "../../consensus/index.ts";
import { COMMIT_RECORDS_MAX, STORED_RECORD_BYTES_MAX } from "../../ledger/index.ts";
import type { Head } from "../../ledger/index.ts";
import type { VoteLog } from "../../ports/vote-log.ts";

/** Bytes of an entry of the vote log; `stored` are the slots of the commit, its record first. */
export const voteEntryCodec = struct({
  guard: signGuardCodec,
  stored: list(varBytes(STORED_RECORD_BYTES_MAX), COMMIT_RECORDS_MAX + 1),
});

/** An entry of the vote log. */
export type VoteEntry = ValueOf<typeof voteEntryCodec>;

/** Writes an entry; resolves when it is durable. */
export function writeVote(log: VoteLog, entry: VoteEntry): Promise<void> {
  return log.write(encode(voteEntryCodec, entry));
}

/**
 * What this validator signed last, against what its store holds.
 * @returns  the guard to start from, and the commit to finish where one was signed but not stored
 * Throws Fault NODE_SIGN_GUARD when the log is another network's, is malformed, or was signed on
 * top of a commit the store does not have (an older copy of the ledger was put in place).
 */
export function lastVote(
  log: VoteLog,
  head: Head,
): { guard: VoteEntry["guard"]; unfinished: VoteEntry | undefined } {
  const bytes = log.last();
  if (bytes === undefined) return { guard: EMPTY_SIGN_GUARD, unfinished: undefined };
  const entry = decode(voteEntryCodec, bytes);
  if (!entry.ok) throw guardFault("the vote log is malformed", head);
  const { guard } = entry.value;
  const last = guard.finalize;
  if (last === undefined) throw guardFault("the vote log lacks its statement", head);
  if (!bytesEqual(last.genesisHash, head.genesisHash)) {
    throw guardFault("the vote log is of another network", head);
  }
  if (last.view <= head.view) return { guard, unfinished: undefined };
  if (last.parentView !== head.view) {
    throw guardFault("the ledger is older than what its validator signed", head);
  }
  return { guard, unfinished: entry.value };
}

/** The fault of a guard that cannot be followed. */
export function guardFault(message: string, head: Head): Fault {
  return new Fault("NODE_SIGN_GUARD", message, { view: String(head.view) });
}
