/** Decides the codecs of byte strings, text and hex. */

import { hexToBytes, isHex } from "../contract/bytes.ts";
import { accept, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { Codec } from "./codec.ts";
import { LENGTH_MAX } from "./limits.ts";

const utf8Encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF: dropping it would give two encodings of one text.
const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Exactly `size` bytes, no prefix: digests (32), addresses (20), signatures (64, 65). */
export function fixedBytes(size: number): Codec<Uint8Array> {
  invariant(Number.isInteger(size) && size > 0, "a fixed byte string has at least one byte");
  return {
    schema: { kind: "fixed-bytes", bytes: size },
    write: (writer, value) => {
      invariant(value.length === size, `the byte string has ${size} bytes`);
      writer.raw(value);
    },
    read: (reader) => reader.raw(size),
  };
}

/** A u32 length and as many bytes, at most `bytesMax`. */
export function varBytes(bytesMax: number): Codec<Uint8Array> {
  invariant(Number.isInteger(bytesMax) && bytesMax >= 0 && bytesMax <= LENGTH_MAX, "u32 length");
  return {
    schema: { kind: "bytes", bytesMax },
    write: (writer, value) => {
      invariant(value.length <= bytesMax, `the byte string has at most ${bytesMax} bytes`);
      writer.u32(value.length);
      writer.raw(value);
    },
    read: (reader) => reader.raw(reader.length(bytesMax)),
  };
}

/** A u32 length in bytes and strict UTF-8, at most `bytesMax` bytes. */
export function text(bytesMax: number): Codec<string> {
  invariant(Number.isInteger(bytesMax) && bytesMax >= 0 && bytesMax <= LENGTH_MAX, "u32 length");
  return {
    schema: { kind: "text", bytesMax },
    write: (writer, value) => {
      // TextEncoder would silently replace a lone surrogate, so two texts would share bytes.
      invariant(value.isWellFormed(), "text is well-formed Unicode");
      const bytes = utf8Encoder.encode(value);
      invariant(bytes.length <= bytesMax, `text has at most ${bytesMax} bytes of UTF-8`);
      writer.u32(bytes.length);
      writer.raw(bytes);
    },
    read: (reader) => {
      const at = reader.offset;
      const bytes = reader.raw(reader.length(bytesMax));
      try {
        return utf8Decoder.decode(bytes);
      } catch {
        return reader.refuse(at, "text is valid UTF-8");
      }
    },
  };
}

/**
 * Reads hex that a person or a peer wrote; an optional 0x in front, either case.
 * @param size  bytes expected; any when absent
 * @rejects     CODEC_HEX when it is not hex or not of that size
 */
export function parseHex(input: string, size?: number): Outcome<Uint8Array> {
  const digits = input.startsWith("0x") ? input.slice(2) : input;
  const fits = size === undefined || digits.length === 2 * size;
  if (!fits || !isHex(digits)) {
    return reject("CODEC_HEX", { characters: digits.length, expectedBytes: size ?? "any" });
  }
  return accept(hexToBytes(digits));
}
