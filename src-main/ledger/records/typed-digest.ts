/**
 * Decides what a wallet sees and signs: EIP-712 typed data derived from the payload's codec. The
 * struct has the record's head fields, then the payload's. What one word cannot hold (text, bytes,
 * lists, proofs) appears as bytes32, the SHA-256 of its canonical bytes, so typed struct and
 * canonical bytes determine each other up to those hashes.
 */

import { invariant } from "../../contract/outcome.ts";
import { encode } from "../../codec/index.ts";
import type { Codec } from "../../codec/index.ts";
import { defineTypedStruct, domainSeparator, typedDigest } from "../../crypto/index.ts";
import type { Hasher, TypedField, TypedStruct, TypedValue } from "../../crypto/index.ts";
import { PAYLOAD_FIELDS, RECORD_HEAD } from "./payloads.ts";
import type { LedgerRecord, PayloadKind } from "./payloads.ts";

/** What signing and recovering need to know of the network; made once by `recordContext`. */
export interface RecordContext {
  readonly hasher: Hasher;
  readonly genesisHash: Uint8Array;
  readonly separator: Uint8Array;
}

/** The context of the network with this genesis hash. */
export function recordContext(hasher: Hasher, genesisHash: Uint8Array): RecordContext {
  return { hasher, genesisHash, separator: domainSeparator(genesisHash) };
}

/** A record as EIP-712 sees it: flat, in the order of the canonical bytes. */
export interface TypedRecord {
  readonly struct: TypedStruct;
  readonly values: Readonly<Record<string, TypedValue>>;
}

type Fields = Readonly<Record<string, Codec<unknown>>>;

const HEAD_FIELDS = RECORD_HEAD as unknown as Fields;
const FIELDS_OF = PAYLOAD_FIELDS as unknown as Readonly<Record<PayloadKind, Fields>>;
const KINDS = Object.keys(PAYLOAD_FIELDS) as PayloadKind[];

/** The typed struct of each payload kind; `job-create` is named JobCreate. */
const STRUCTS = new Map<PayloadKind, TypedStruct>(
  KINDS.map((kind) => {
    const both = Object.keys(HEAD_FIELDS).filter((name) => Object.hasOwn(FIELDS_OF[kind], name));
    // A second field of a name would hide the first, which nobody would then have signed.
    invariant(both.length === 0, `no field of ${kind} has the name of one of the record's head`);
    const codecs = Object.entries({ ...HEAD_FIELDS, ...FIELDS_OF[kind] });
    const fields = codecs.map(([name, codec]): TypedField => ({ name, type: typeOf(codec) }));
    return [kind, defineTypedStruct(structName(kind), fields)];
  }),
);

/** The typed struct of a record and the values of its fields. */
export function typedRecord(record: LedgerRecord, hasher: Hasher): TypedRecord {
  const { kind } = record.payload;
  const values: Record<string, TypedValue> = {};
  const take = (codecs: Fields, from: object): void => {
    const source = from as Readonly<Record<string, unknown>>;
    for (const [name, codec] of Object.entries(codecs)) {
      values[name] = wordValue(codec, source[name], hasher);
    }
  };
  take(HEAD_FIELDS, record);
  take(FIELDS_OF[kind], record.payload);
  return { struct: STRUCTS.get(kind) as TypedStruct, values };
}

/** The digest an account signs, and the id of its record. */
export function recordDigest(record: LedgerRecord, context: RecordContext): Uint8Array {
  const { struct, values } = typedRecord(record, context.hasher);
  return typedDigest(context.separator, struct, values, context.hasher.keccak256);
}

function structName(kind: PayloadKind): string {
  const words = kind.split("-");
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function typeOf({ schema }: Codec<unknown>): TypedField["type"] {
  if (schema.kind === "fixed-bytes" && schema.bytes === 20) return "address";
  if (schema.kind === "u32") return "uint32";
  if (schema.kind === "u64") return "uint64";
  if (schema.kind === "u128") return "uint128";
  return "bytes32";
}

/** The value itself where one word holds it, else the SHA-256 of its canonical bytes. */
function wordValue(codec: Codec<unknown>, value: unknown, hasher: Hasher): TypedValue {
  const { schema } = codec;
  const plain = schema.kind === "fixed-bytes" && schema.bytes === 32;
  if (plain || typeOf(codec) !== "bytes32") return value as TypedValue;
  return hasher(encode(codec, value));
}
