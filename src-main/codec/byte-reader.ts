/**
 * Decides how bytes from anywhere become primitive values, and how reading stops. Peers send them,
 * so every read is bounds-checked and every no is a `CodecStop`, which `decode` alone catches.
 */

import { reject } from "../contract/outcome.ts";
import type { Rejection } from "../contract/outcome.ts";

type Facts = Readonly<Record<string, string | number | boolean>>;

/** Ends a read; never leaves the room, `decode` turns it into its rejection. */
export class CodecStop extends Error {
  readonly rejection: Rejection;

  constructor(code: string, facts: Facts) {
    super(code);
    this.name = "CodecStop";
    this.rejection = reject(code, facts).rejection;
  }
}

/** A cursor over bytes; what it hands out are copies, so the input may be reused afterwards. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    // A Node Buffer's slice() shares memory; a plain view over the same bytes copies instead.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where the next read starts. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#bytes[this.#take(1)];
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  u128(): bigint {
    const at = this.#take(16);
    const low = this.#view.getBigUint64(at, true);
    return (this.#view.getBigUint64(at + 8, true) << 64n) | low;
  }

  /** The next `count` bytes, copied. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.slice(at, at + count);
  }

  /** A u32 length or count; stops with CODEC_LIMIT above `max`, before anything is allocated. */
  length(max: number): number {
    const at = this.#offset;
    const length = this.u32();
    if (length > max) throw new CodecStop("CODEC_LIMIT", { offset: at, length, max });
    return length;
  }

  /** Stops with CODEC_VALUE; `rule` says in words what the field must be. */
  refuse(offset: number, rule: string): never {
    throw new CodecStop("CODEC_VALUE", { offset, rule });
  }

  /** Stops with CODEC_TRAILING unless everything was read. */
  end(): void {
    if (this.remaining > 0) {
      throw new CodecStop("CODEC_TRAILING", { offset: this.#offset, extra: this.remaining });
    }
  }

  #take(count: number): number {
    const at = this.#offset;
    if (count > this.#bytes.length - at) {
      throw new CodecStop("CODEC_TRUNCATED", { offset: at, needed: count, held: this.remaining });
    }
    this.#offset = at + count;
    return at;
  }
}
