/** Decides how a slot's receipt is fetched and recomputed here; one at a time for each opener. */

import type { Daemon } from "./daemon.svelte.ts";
import { checkReceipt } from "./check-receipt.ts";
import type { CheckedReceipt } from "./check-receipt.ts";
import { Loader } from "./loader.svelte.ts";

/** A receipt's check. */
export class ReceiptCheck {
  readonly checked = new Loader<CheckedReceipt>();
  busy = $state(false);
  /** Where the daemon keeps the receipt's file. */
  file = $state("");
  readonly #daemon: Daemon;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Fetches the receipt and the genesis document, and recomputes everything. */
  async verify(slot: number): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.checked.clear();
    await this.checked.load(async () => {
      const receipt = await this.#daemon.call("wallet.receipt", { slot });
      if (!receipt.ok) return receipt;
      const genesis = await this.#daemon.call("ledger.genesis", {});
      if (!genesis.ok) return genesis;
      this.file = receipt.value.file;
      const name = this.#daemon.status?.genesis ?? "";
      return checkReceipt(slot, receipt.value.bytes, genesis.value.bytes, name);
    });
    this.busy = false;
  }
}
