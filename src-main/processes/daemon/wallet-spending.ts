/**
 * Decides how a wallet of the data folder pays: previewed first, which charges nothing; then paid
 * once, with the password, exactly as it was shown. The password and the key are held for the
 * length of the call and are written nowhere.
 */

import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import type {
  Paid,
  PaymentPreview,
  PayParams,
  PreviewParams,
  WalletList,
  WalletOrderParams,
} from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { Genesis } from "../../ledger/index.ts";
import type { Node } from "../../node/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Entropy } from "../../ports/entropy.ts";
import type { Log } from "../../ports/log.ts";
import { listWallets, PREVIEW_LIFE_MS, PREVIEWS_MAX, readWallet } from "../../wallet/index.ts";
import { statedAddress, walletWaitMs } from "../../wallet/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { SPEND_LANE } from "../account-record.ts";
import { signTransfer, transferCost } from "../transfer-record.ts";
import type { TransferCost } from "../transfer-record.ts";
import type { Transfer } from "../transfer-record.ts";
import type { KeyOpener } from "./key-opener.ts";
import type { OwnJobs } from "./own-jobs.ts";
import type { SubmittedJob } from "./submit-listing.ts";

/** What spending needs. */
export interface SpendingNeeds {
  readonly node: Pick<Node, "account" | "history" | "nextNonce" | "prices" | "submit">;
  readonly genesis: Genesis;
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Folder of the wallets. */
  readonly keys: string;
  readonly opener: Pick<KeyOpener, "withKey">;
  readonly ownJobs: Pick<OwnJobs, "orderWith" | "walletOf">;
  /** Makes and keeps a receipt; answers its file. */
  readonly receipt: (slot: number) => Promise<Outcome<{ readonly file: string }>>;
  readonly valueNote: string;
}

/** A payment that was shown and may be made. */
interface HeldPreview extends Transfer {
  readonly wallet: string;
  readonly from: Uint8Array;
  readonly cost: TransferCost;
  readonly madeMs: number;
}

/** Payments and orders from the wallets of a data folder. */
export class WalletSpending {
  readonly #needs: SpendingNeeds;
  readonly #held = new Map<string, HeldPreview>();

  constructor(needs: SpendingNeeds) {
    this.#needs = needs;
  }

  /** The wallets, without anything secret. */
  list(): WalletList {
    const { node, keys, clock, valueNote } = this.#needs;
    const wallets = listWallets(keys).map(({ name, address }) => ({
      name,
      address: address === null ? null : addressToText(address),
      balanceBase: address === null ? null : String(node.account(address).balanceBase),
      waitMs: walletWaitMs(keys, name, clock.nowMs()),
    }));
    return { wallets, valueNote };
  }

  /**
   * What a payment would be, and whether it would be refused.
   * @rejects WALLET_NAME, WALLET_UNKNOWN, WALLET_KEYSTORE_FORM, CRYPTO_ADDRESS*
   */
  preview({ wallet, to, amountBase }: PreviewParams): Outcome<PaymentPreview> {
    const { node, clock, entropy, valueNote } = this.#needs;
    const from = this.#addressOf(wallet);
    const receiver = parseAddress(to.trim());
    if (!from.ok) return from;
    if (!receiver.ok) return receiver;
    const payment: HeldPreview = {
      wallet,
      from: from.value,
      to: receiver.value,
      amountBase: BigInt(amountBase),
      cost: this.#cost(from.value, BigInt(amountBase)),
      madeMs: clock.nowMs(),
    };
    const code = this.#refusal(payment);
    const id = code === "" ? bytesToHex(entropy.bytes(32)) : null;
    if (id !== null) this.#hold(id, payment);
    const balanceBase = node.account(payment.from).balanceBase;
    const leftBase = balanceBase - payment.amountBase - payment.cost.costBase;
    return accept({
      preview: id,
      wallet,
      from: addressToText(payment.from),
      to: addressToText(payment.to),
      amountBase,
      feeBase: String(payment.cost.costBase),
      feeMostBase: String(payment.cost.mostBase),
      balanceBase: String(balanceBase),
      leftBase: code === "" ? String(leftBase) : null,
      receiverKnown: this.#isKnown(payment.to),
      code,
      valueNote,
    });
  }

  /**
   * Makes a previewed payment and waits until it is final. A wrong password leaves the preview.
   * @rejects WALLET_PREVIEW, WALLET_BALANCE_SHORT, those of `KeyOpener.withKey`, LEDGER_*, NODE_*
   */
  async pay({ preview, password }: PayParams): Promise<Outcome<Paid>> {
    const held = this.#held.get(preview);
    // Taken before the password is tried, so that two calls at once never pay twice.
    this.#held.delete(preview);
    if (held === undefined || this.#isOld(held)) return reject("WALLET_PREVIEW");
    const code = this.#refusal(held);
    if (code !== "") return reject(code);
    let signed = false;
    const paid = await this.#withKey(held.wallet, password, async (key) => {
      if (!bytesEqual(key.address, held.from)) return reject("WALLET_PREVIEW");
      signed = true;
      return this.#send(key, held);
    });
    if (!paid.ok && !signed) this.#hold(preview, held);
    return paid;
  }

  /**
   * Submits a job that was quoted for a wallet; its record is final when this resolves.
   * @rejects PROCESSES_QUOTE, PROCESSES_QUOTE_PAYER, those of `KeyOpener.withKey` and of the order
   */
  async order({ quote, password }: WalletOrderParams): Promise<Outcome<SubmittedJob>> {
    const { ownJobs, log } = this.#needs;
    const wallet = ownJobs.walletOf(quote);
    if (!wallet.ok) return wallet;
    const name = wallet.value;
    const ordered = await this.#withKey(name, password, (key) =>
      ownJobs.orderWith(quote, name, key),
    );
    if (ordered.ok)
      log.info("a job was ordered", { wallet: name, slot: Number(ordered.value.slot) });
    return ordered;
  }

  async #send(key: AccountKey, held: HeldPreview): Promise<Outcome<Paid>> {
    const { node, genesis, hasher, clock, log, receipt } = this.#needs;
    const nonce = node.nextNonce(held.from, SPEND_LANE);
    // The maximum that was shown: where the price has risen beyond it, nothing is charged.
    const moment = { nonce, nowMs: clock.nowMs(), maxFeeBase: held.cost.maxFeeBase };
    const stored = signTransfer(hasher, genesis, key, held, moment);
    const sealed = await node.submit(stored);
    if (!sealed.ok) return sealed;
    const { slot, id, outcome } = sealed.value;
    log.info("a payment was made", { wallet: held.wallet, slot: Number(slot), code: outcome.code });
    const kept = await receipt(Number(slot)).catch(() => reject("PROCESSES_RECEIPT_FILE"));
    return accept({
      slot: Number(slot),
      recordId: bytesToHex(id),
      code: outcome.code,
      feeBase: String(outcome.feeBase),
      receipt: kept.ok ? kept.value.file : null,
    });
  }

  async #withKey<T>(
    wallet: string,
    password: string,
    use: (key: AccountKey) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const { opener, log } = this.#needs;
    const outcome = await opener.withKey(wallet, password, use);
    if (!outcome.ok && outcome.rejection.code === "WALLET_PASSWORD") {
      log.warn("a password did not open a wallet", { wallet });
    }
    return outcome;
  }

  #cost(from: Uint8Array, amountBase: bigint): TransferCost {
    const { node } = this.#needs;
    const spareBase = node.account(from).balanceBase - amountBase;
    return transferCost(node.prices(), from, {
      nonce: node.nextNonce(from, SPEND_LANE),
      spareBase,
    });
  }

  /** The code it would be refused with; empty where it would not. */
  #refusal({ from, to, amountBase, cost }: HeldPreview): string {
    if (amountBase === 0n) return "WALLET_AMOUNT_ZERO";
    if (bytesEqual(from, to)) return "WALLET_SELF";
    const heldBase = this.#needs.node.account(from).balanceBase;
    return amountBase + cost.costBase > heldBase ? "WALLET_BALANCE_SHORT" : "";
  }

  #isKnown(address: Uint8Array): boolean {
    const { node } = this.#needs;
    return node.account(address).balanceBase > 0n || node.history(address, 1).length > 0;
  }

  #addressOf(wallet: string): Outcome<Uint8Array> {
    const keystore = readWallet(this.#needs.keys, wallet);
    if (!keystore.ok) return keystore;
    const address = statedAddress(keystore.value);
    return address === null ? reject("WALLET_KEYSTORE_FORM", { part: "address" }) : accept(address);
  }

  #hold(id: string, payment: HeldPreview): void {
    this.#held.set(id, payment);
    for (const [held, one] of this.#held) {
      if (this.#held.size > PREVIEWS_MAX || this.#isOld(one)) this.#held.delete(held);
    }
  }

  /** A clock that was set back must not make a preview last longer. */
  #isOld({ madeMs }: HeldPreview): boolean {
    return Math.abs(this.#needs.clock.nowMs() - madeMs) > PREVIEW_LIFE_MS;
  }
}
