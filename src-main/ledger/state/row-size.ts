/** Decides how many bytes a row takes in the state: its 32-byte key and its value. */

import type { Codec, CodecSchema } from "../../codec/index.ts";
import { encode } from "../../codec/index.ts";

/** Bytes of a key in the state map. */
export const ROW_KEY_BYTES = 32;

/** Bytes of what has one size whatever its value; undefined for what has not. */
function fixedSize(schema: CodecSchema): number | undefined {
  switch (schema.kind) {
    case "u8":
    case "bool":
    case "enumeration":
      return 1;
    case "u16":
      return 2;
    case "u32":
    case "i32":
      return 4;
    case "u64":
      return 8;
    case "u128":
      return 16;
    case "fixed-bytes":
      return schema.bytes;
    case "struct": {
      let size = 0;
      for (const field of schema.fields) {
        const bytes = fixedSize(field.schema);
        if (bytes === undefined) return undefined;
        size += bytes;
      }
      return size;
    }
    default:
      return undefined;
  }
}

/** 0 stands for a size that varies; no codec of a row writes nothing. */
const sizes = new WeakMap<CodecSchema, number>();

/** Bytes of a row with its key; encodes it only where its size varies. */
export function rowSize<R>(codec: Codec<R>, row: R): number {
  let size = sizes.get(codec.schema);
  if (size === undefined) {
    size = fixedSize(codec.schema) ?? 0;
    sizes.set(codec.schema, size);
  }
  return ROW_KEY_BYTES + (size === 0 ? encode(codec, row).length : size);
}
