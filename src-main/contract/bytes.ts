/**
 * Decides how byte strings are compared, joined and written as text. In the lowest room, because
 * digests and addresses cross processes as hex and every room above handles them.
 * Comparisons here are not constant in time: never use them on secrets.
 */

import { invariant } from "./outcome.ts";

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** Writes bytes as lower-case hex without a prefix. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 1) text += HEX_OF_BYTE[bytes[index]];
  return text;
}

/**
 * Bytes as the key of a map: one character for each, a third of the time that hex takes. Never to
 * be shown or kept. At most some thousand bytes.
 */
export function bytesToKey(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** Whether the text is an even number of hex digits, either case, no prefix. */
export function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}

/**
 * Reads hex that our own code wrote (constants, vectors, checked input); either case, no prefix.
 * Text from a person or a peer goes through `parseHex` of the codec room instead.
 */
export function hexToBytes(text: string): Uint8Array {
  invariant(isHex(text), "hexToBytes is given an even number of hex digits");
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}

/** Whether both hold the same bytes. */
export function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

/** Lexicographic order of unsigned bytes, a prefix first: negative, zero or positive. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const common = Math.min(left.length, right.length);
  for (let index = 0; index < common; index += 1) {
    const difference = left[index] - right[index];
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Joins byte strings into a new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of parts) size += part.length;
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
