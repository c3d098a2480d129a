/**
 * Decides what validators sign: statements about a view, in canonical bytes under a tag that says
 * what they are. Equivocation compares statements, so nothing unsigned stands in them
 * (ARCHITECTURE.md sections 7 and 14).
 */

import { encode, enumeration, fixedBytes, struct, u64 } from "../../codec/index.ts";
import type { ValueOf } from "../../codec/index.ts";
import { bytesEqual, concatBytes } from "../../contract/bytes.ts";
import type { Head } from "../execute/head.ts";
import { TAGS } from "../tags.ts";

const digest = fixedBytes(32);

/** Bytes of a statement; a nullify has zero digests and size. */
export const statementCodec = struct({
  kind: enumeration({ notarize: 0, nullify: 1, finalize: 2 }),
  genesisHash: digest,
  epoch: u64,
  view: u64,
  parentView: u64,
  commitDigest: digest,
  vectorSize: u64,
  vectorRoot: digest,
});

/** What a vote says. */
export type Statement = ValueOf<typeof statementCodec>;

/** The message an Ed25519 key signs for a statement: u8 tag length, tag, canonical bytes. */
export function statementMessage(statement: Statement): Uint8Array {
  const tag = new TextEncoder().encode(TAGS.statement);
  return concatBytes(Uint8Array.of(tag.length), tag, encode(statementCodec, statement));
}

/** The statement of that kind about an executed commit. */
export function statementOf(
  kind: "notarize" | "finalize",
  head: Head,
  parentView: bigint,
): Statement {
  return {
    kind,
    genesisHash: head.genesisHash,
    epoch: head.epoch,
    view: head.view,
    parentView,
    commitDigest: head.commitDigest,
    vectorSize: head.size,
    vectorRoot: head.vectorRoot,
  };
}

/** Whether both say the same; what a sign guard and evidence compare. */
export function statementsEqual(left: Statement, right: Statement): boolean {
  return bytesEqual(encode(statementCodec, left), encode(statementCodec, right));
}
