/** Decides what is known of the wallets, of their history, and of this machine's own accounts. */

import type { OwnWallet } from "../../src-main/contract/control-api/spend.ts";
import type { HistoryEntry, WalletAccount } from "../../src-main/contract/control-api/wallet.ts";
import { accept } from "../../src-main/contract/outcome.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { Loader } from "./loader.svelte.ts";

/** Entries of a wallet's history that are shown. */
const ENTRIES_MAX = 50;

/** Wallets and accounts of the data folder. */
export class Wallets {
  readonly list = new Loader<readonly OwnWallet[]>();
  readonly accounts = new Loader<readonly WalletAccount[]>();
  readonly history = new Loader<readonly HistoryEntry[]>();
  readonly #daemon: Daemon;
  #address = "";

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Fetches wallets, accounts and the history of the wallet that is open. */
  async refresh(): Promise<void> {
    await Promise.all([
      this.list.load(async () => {
        const answer = await this.#daemon.call("wallet.list", {});
        return answer.ok ? accept(answer.value.wallets) : answer;
      }),
      this.accounts.load(async () => {
        const answer = await this.#daemon.call("wallet.show", {});
        return answer.ok ? accept(answer.value.accounts) : answer;
      }),
      this.#readHistory(),
    ]);
  }

  /** Opens a wallet's history by its address. */
  async openHistory(address: string): Promise<void> {
    if (this.#address === address) return;
    this.#address = address;
    this.history.clear();
    await this.#readHistory();
  }

  async #readHistory(): Promise<void> {
    const account = this.#address;
    if (account === "") return;
    await this.history.load(async () => {
      const answer = await this.#daemon.call("wallet.history", { account, limit: ENTRIES_MAX });
      return answer.ok ? accept(answer.value.entries) : answer;
    });
  }
}
