/** Decides the codecs of single values: integers, flags and named cases. */

import { invariant } from "../contract/outcome.ts";
import type { Codec } from "./codec.ts";

/** 0..2^8-1, one byte. */
export const u8: Codec<number> = {
  schema: { kind: "u8" },
  write: (writer, value) => writer.u8(value),
  read: (reader) => reader.u8(),
};

/** 0..2^16-1, two bytes. */
export const u16: Codec<number> = {
  schema: { kind: "u16" },
  write: (writer, value) => writer.u16(value),
  read: (reader) => reader.u16(),
};

/** 0..2^32-1, four bytes. */
export const u32: Codec<number> = {
  schema: { kind: "u32" },
  write: (writer, value) => writer.u32(value),
  read: (reader) => reader.u32(),
};

/** -2^31..2^31-1, four bytes, two's complement. */
export const i32: Codec<number> = {
  schema: { kind: "i32" },
  write: (writer, value) => writer.i32(value),
  read: (reader) => reader.i32(),
};

/** 0..2^64-1, eight bytes. */
export const u64: Codec<bigint> = {
  schema: { kind: "u64" },
  write: (writer, value) => writer.u64(value),
  read: (reader) => reader.u64(),
};

/** 0..2^128-1, sixteen bytes; amounts of VIV with 18 decimals fit by far. */
export const u128: Codec<bigint> = {
  schema: { kind: "u128" },
  write: (writer, value) => writer.u128(value),
  read: (reader) => reader.u128(),
};

/** One byte, 0 or 1; anything else is CODEC_VALUE, since true has one encoding. */
export const bool: Codec<boolean> = {
  schema: { kind: "bool" },
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => {
    const at = reader.offset;
    const byte = reader.u8();
    if (byte > 1) reader.refuse(at, "a flag is 0 or 1");
    return byte === 1;
  },
};

/** Names that stand for a u8 each, such as `{ zeros: 0, constant: 1 }`; others are CODEC_VALUE. */
export function enumeration<N extends string>(tags: Readonly<Record<N, number>>): Codec<N> {
  const names = Object.keys(tags) as N[];
  const nameOfTag = new Map(names.map((name) => [tags[name], name]));
  invariant(nameOfTag.size === names.length, "each name of an enumeration has its own tag");
  return {
    schema: { kind: "enumeration", cases: names.map((name) => ({ name, tag: tags[name] })) },
    write: (writer, value) => {
      invariant(Object.hasOwn(tags, value), "the value is a name of the enumeration");
      writer.u8(tags[value]);
    },
    read: (reader) => {
      const at = reader.offset;
      const name = nameOfTag.get(reader.u8());
      return name ?? reader.refuse(at, `one of ${names.join(", ")}`);
    },
  };
}
