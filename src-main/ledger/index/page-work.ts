/** Decides how pages change before anybody may see it: reads go through, writes are kept aside. */

import { bytesToHex } from "../../contract/bytes.ts";
import type { ReadPage, StatePageChange } from "../state/state-view.ts";

/** Pages under work; each key is written once at the end, whatever happened between. */
export class PageWork {
  readonly #read: ReadPage;
  readonly #changes = new Map<string, StatePageChange>();

  constructor(read: ReadPage) {
    this.#read = read;
  }

  /** A page as it is now. */
  read(key: Uint8Array): Uint8Array | undefined {
    const changed = this.#changes.get(bytesToHex(key));
    return changed === undefined ? this.#read(key) : changed.bytes;
  }

  /** Writes a page, or deletes it with undefined. */
  write(key: Uint8Array, bytes: Uint8Array | undefined): void {
    this.#changes.set(bytesToHex(key), { key, bytes });
  }

  /** Every changed page. */
  changes(): readonly StatePageChange[] {
    return [...this.#changes.values()];
  }
}
