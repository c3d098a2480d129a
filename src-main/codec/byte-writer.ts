/**
 * Decides how primitive values become bytes: little-endian, fixed width. A value out of range is
 * our own bug (the caller checked it before signing), so it stops by invariant.
 */

import { invariant } from "../contract/outcome.ts";
import { WRITER_FIRST_BYTES, WRITER_KEPT_BYTES } from "./limits.ts";

const U64_END = 1n << 64n;
const U128_END = 1n << 128n;

/** A growing byte string; `finish` hands out a copy of exactly what was written. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #size = 0;

  constructor(firstBytes: number = WRITER_FIRST_BYTES) {
    this.#bytes = new Uint8Array(firstBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  u8(value: number): void {
    invariant(Number.isInteger(value) && value >= 0 && value <= 0xff, "a u8 is 0..2^8-1");
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    invariant(Number.isInteger(value) && value >= 0 && value <= 0xffff, "a u16 is 0..2^16-1");
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    invariant(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, "a u32 is 0..2^32-1");
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  i32(value: number): void {
    invariant(
      Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff,
      "an i32 is -2^31..2^31-1",
    );
    const at = this.#reserve(4);
    this.#view.setInt32(at, value, true);
  }

  u64(value: bigint): void {
    invariant(value >= 0n && value < U64_END, "a u64 is 0..2^64-1");
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value, true);
  }

  u128(value: bigint): void {
    invariant(value >= 0n && value < U128_END, "a u128 is 0..2^128-1");
    const at = this.#reserve(16);
    this.#view.setBigUint64(at, value % U64_END, true);
    this.#view.setBigUint64(at + 8, value / U64_END, true);
  }

  /** Appends raw bytes without a length. */
  raw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  /** Begins anew; what was large is let go. */
  reset(): void {
    this.#size = 0;
    if (this.#bytes.length <= WRITER_KEPT_BYTES) return;
    this.#bytes = new Uint8Array(WRITER_FIRST_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Makes room for `count` more bytes and returns where they start. */
  #reserve(count: number): number {
    const at = this.#size;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#size = needed;
    return at;
  }
}
