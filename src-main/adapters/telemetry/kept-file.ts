/**
 * Decides how a small file of the system is read each second: opened once and read from its
 * beginning, a tenth of what opening it anew would cost. A driver that goes away takes its files
 * with it; one that comes back is found again.
 */

import { closeSync, openSync, readFileSync, readSync, readdirSync } from "node:fs";

/** Bytes read at most: /proc/stat of a machine with 512 threads has some 40 KiB. */
const FILE_BYTES_MAX = 65_536;

const buffer = Buffer.alloc(FILE_BYTES_MAX);

/** Reads after which a file that is not there is looked for again. */
const RETRY_READS = 60;

/** A file that is read again and again. Nothing here throws. */
export class KeptFile {
  readonly #path: string;
  #descriptor: number | null = null;
  #waits = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Its text without white space at the ends; null where it cannot be read now. */
  text(): string | null {
    const length = this.#read();
    return length === null ? null : buffer.toString("latin1", 0, length).trim();
  }

  /** Its bytes as they are; null where it cannot be read now. */
  bytes(): Uint8Array | null {
    const length = this.#read();
    return length === null ? null : Uint8Array.from(buffer.subarray(0, length));
  }

  /** Bytes that lie in the buffer now. */
  #read(): number | null {
    if (this.#waits > 0) {
      this.#waits -= 1;
      return null;
    }
    try {
      this.#descriptor ??= openSync(this.#path, "r");
      return readSync(this.#descriptor, buffer, 0, FILE_BYTES_MAX, 0);
    } catch {
      // An open file may tell EAGAIN once; opening it anew costs little.
      if (this.#descriptor === null) this.#waits = RETRY_READS;
      this.close();
      return null;
    }
  }

  /** Its whole number; null where there is none. */
  number(): number | null {
    return numberOf(this.text());
  }

  close(): void {
    if (this.#descriptor === null) return;
    try {
      closeSync(this.#descriptor);
    } catch {
      // It is gone already.
    }
    this.#descriptor = null;
  }
}

/** A whole number in text; null for anything else. */
export function numberOf(text: string | null): number | null {
  if (text === null || !/^-?\d{1,19}$/.test(text)) return null;
  return Number(text);
}

/** Names in a folder in a fixed order; none where it cannot be listed. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort((left, right) => (left < right ? -1 : 1));
  } catch {
    return [];
  }
}

/** The text of a file that is read once; null where it cannot be read. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return null;
  }
}

/** The first file of several that can be read and holds a number; null where none does. */
export function firstNumber(paths: readonly string[]): KeptFile | null {
  for (const path of paths) if (numberOf(textOf(path)) !== null) return new KeptFile(path);
  return null;
}
