/**
 * Decides how a stream of bytes becomes messages: one per line, at most `MESSAGE_BYTES_MAX` each.
 * A line that grows past the limit ends the stream's use, since its end can no longer be trusted.
 */

import { MESSAGE_BYTES_MAX } from "./limits.ts";

/** Collects bytes and hands out whole lines. */
export class MessageLines {
  readonly #parts: Buffer[] = [];
  #bytes = 0;

  /**
   * Takes bytes as they come.
   * @returns the lines completed by them, or null once a line is too long
   * @bound   keeps at most MESSAGE_BYTES_MAX and one chunk
   */
  take(chunk: Buffer): string[] | null {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      if (end < 0) break;
      if (this.#bytes + end - start > MESSAGE_BYTES_MAX) return null;
      this.#parts.push(chunk.subarray(start, end));
      lines.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts.length = 0;
      this.#bytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#parts.push(chunk.subarray(start));
      this.#bytes += chunk.length - start;
    }
    return this.#bytes > MESSAGE_BYTES_MAX ? null : lines;
  }
}

/** Reads JSON; undefined stands for what is not JSON (JSON itself has no undefined). */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
