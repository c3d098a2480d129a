/** Decides how a slot's receipt is fetched and recomputed here; one at a time for each opener. */

import { hexToBytes } from "../../src-main/contract/bytes.ts";
import { receiptFileBytes } from "../../src-main/ledger/light/index.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { checkReceipt } from "./check-receipt.ts";
import type { CheckedReceipt } from "./check-receipt.ts";
import { Loader } from "./loader.svelte.ts";

/** A receipt's check. */
export class ReceiptCheck {
  readonly checked = new Loader<CheckedReceipt>();
  busy = $state(false);
  /** The whole file: receipt and genesis document, as an address to save it from. */
  saved = $state("");
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
      const { bytes } = receipt.value;
      const checked = checkReceipt(slot, bytes, genesis.value.bytes, name);
      if (checked.ok) this.#offer(hexToBytes(genesis.value.bytes), hexToBytes(bytes));
      return checked;
    });
    this.busy = false;
  }

  #offer(genesis: Uint8Array, receipt: Uint8Array): void {
    if (this.saved !== "") URL.revokeObjectURL(this.saved);
    const file = Uint8Array.from(receiptFileBytes(genesis, receipt));
    this.saved = URL.createObjectURL(new Blob([file], { type: "application/octet-stream" }));
  }
}
