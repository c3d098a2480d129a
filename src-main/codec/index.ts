/** The face of the codec room: canonical bytes. */
export {
  bytesEqual,
  bytesToHex,
  compareBytes,
  concatBytes,
  hexToBytes,
  isHex,
} from "../contract/bytes.ts";
export { ByteReader } from "./byte-reader.ts";
export { fixedBytes, parseHex, text, varBytes } from "./byte-strings.ts";
export { ByteWriter } from "./byte-writer.ts";
export { decode, encode } from "./codec.ts";
export type { Codec, ValueOf } from "./codec.ts";
export { constrained, list, optional, struct, taggedUnion } from "./composites.ts";
export type { StructFields, StructValue, UnionCases, UnionValue } from "./composites.ts";
export { bool, enumeration, i32, u128, u16, u32, u64, u8 } from "./scalars.ts";
export type { CodecSchema, EnumerationCase, SchemaCase, SchemaField } from "./schema.ts";
