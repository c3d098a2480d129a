/**
 * Decides what a node holds of the newest executed commit: all that the next one is checked
 * against. Stored beside the state pages and certificate (ARCHITECTURE.md section 14).
 */

import { decode, fixedBytes, struct, u64, varBytes } from "../../codec/index.ts";
import type { Codec, ValueOf } from "../../codec/index.ts";
import { reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";

/** A serialised right edge: u64 size and at most 53 hashes. */
const FRONTIER_BYTES_MAX = 8 + 53 * 32;

const digest = fixedBytes(32);
const frontier = varBytes(FRONTIER_BYTES_MAX);

/**
 * First four bytes of a stored head, "VDH2" as text: what another version kept, which began with
 * the genesis hash, is told from damage and never read as something else.
 */
const HEAD_FORMAT = 0x3248_4456;

const fieldsCodec = struct({
  genesisHash: digest,
  /** Commits executed; 0 is the genesis, which has no slot. */
  number: u64,
  epoch: u64,
  view: u64,
  /** Slot of the commit record. */
  firstSlot: u64,
  /** Slots of the vector, this commit included. */
  size: u64,
  /** Commit time, milliseconds. */
  time: u64,
  commitDigest: digest,
  /** Root of the vector, this commit included: what its certificate signs. */
  vectorRoot: digest,
  /** State, outcome and index root after this commit; the next commit record names them. */
  stateRoot: digest,
  outcomeRoot: digest,
  indexRoot: digest,
  /** Beacon of this commit. */
  beacon: digest,
  vectorFrontier: frontier,
  outcomeFrontier: frontier,
});

/** The newest executed commit. */
export type Head = ValueOf<typeof fieldsCodec>;

/** Bytes of a head: the format, then its fields. */
export const headCodec: Codec<Head> = {
  schema: fieldsCodec.schema,
  write: (writer, head) => {
    writer.u32(HEAD_FORMAT);
    fieldsCodec.write(writer, head);
  },
  read: (reader) => {
    const at = reader.offset;
    if (reader.u32() !== HEAD_FORMAT) reader.refuse(at, "a head begins with its format");
    return fieldsCodec.read(reader);
  },
};

/**
 * Reads a head that a store kept.
 * @rejects LEDGER_HEAD_FORMAT for one that another version of the program kept; CODEC_*
 */
export function readHead(bytes: Uint8Array): Outcome<Head> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const other = bytes.length >= 4 && view.getUint32(0, true) !== HEAD_FORMAT;
  return other ? reject("LEDGER_HEAD_FORMAT") : decode(headCodec, bytes);
}
