/**
 * Decides what a codec is and the only two doors through it: `encode` and `decode`. One value has
 * one encoding: little-endian fixed-width integers, u32 length prefixes, named maxima, fields in
 * declared order, nothing after the end (ARCHITECTURE.md section 5, "Formats").
 */

import { accept } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { ByteReader, CodecStop } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { CodecSchema } from "./schema.ts";

/** How a value of type T and its bytes correspond. */
export interface Codec<T> {
  /** The declaration as data; EIP-712 types are derived from it. */
  readonly schema: CodecSchema;
  /** Appends the value; a value out of bounds is our own bug and stops by invariant. */
  write(writer: ByteWriter, value: T): void;
  /** Reads one value; throws a `CodecStop` that `decode` turns into a rejection. */
  read(reader: ByteReader): T;
}

/** The type of the values a codec handles. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** Writers that nobody uses: a commit encodes some ten values for each of its records. */
const spare: ByteWriter[] = [];

/** The canonical bytes of a value. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = spare.pop() ?? new ByteWriter();
  try {
    codec.write(writer, value);
    return writer.finish();
  } finally {
    // Whatever a broken invariant left in it is not written again.
    writer.reset();
    spare.push(writer);
  }
}

/**
 * Reads canonical bytes; never throws on any input.
 * @rejects CODEC_TRUNCATED, CODEC_TRAILING, CODEC_LIMIT, CODEC_VALUE, each with the byte offset
 */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): Outcome<T> {
  const reader = new ByteReader(bytes);
  try {
    const value = codec.read(reader);
    reader.end();
    return accept(value);
  } catch (error) {
    if (error instanceof CodecStop) return { ok: false, rejection: error.rejection };
    throw error;
  }
}
