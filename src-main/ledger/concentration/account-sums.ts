/** Decides how amounts of one account are joined: whoever was paid in parts is one holder. */

import { bytesToHex } from "../../contract/bytes.ts";

/** An amount and whose it is. */
export interface Owned {
  readonly account: Uint8Array;
  readonly amountBase: bigint;
}

/** Sums by account, taken up one by one so that a reader may let other work run in between. */
export class AccountSums {
  readonly #sums = new Map<string, bigint>();

  add({ account, amountBase }: Owned): void {
    const name = bytesToHex(account);
    this.#sums.set(name, (this.#sums.get(name) ?? 0n) + amountBase);
  }

  /** One sum an account, in the order in which accounts came first. */
  amounts(): bigint[] {
    return [...this.#sums.values()];
  }
}
