/**
 * Decides the steps of a payment: typed, previewed by the daemon, confirmed with the password,
 * final. Nothing moves before the third, and an answer that does not come is never called a no.
 */

import type { Paid, PaymentPreview } from "../../src-main/contract/control-api/spend.ts";
import { parseViv } from "../../src-main/contract/units.ts";
import type { Refusal } from "../bridge/daemon-link.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { PasswordTry } from "./password-try.svelte.ts";

/** Opening a costly keystore takes a minute, and the commit a moment. */
const PAY_TIMEOUT_MS = 180_000;

/** Refusals after which the daemon may have the payment all the same. */
const UNCERTAIN: readonly string[] = ["API_CLOSED", "API_TIMEOUT", "API_RESULT", "API_INTERNAL"];

/** Where a payment stands. */
export type SendStep = "typing" | "preview" | "sending" | "sent";

/** The form that pays from one wallet. */
export class SendForm {
  to = $state("");
  amount = $state("");
  step = $state<SendStep>("typing");
  asking = $state(false);
  preview = $state.raw<PaymentPreview | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  paid = $state.raw<Paid | null>(null);
  readonly password = new PasswordTry();
  readonly #daemon: Daemon;
  readonly #done: () => void;

  /** @param done  told when balances and history have changed */
  constructor(daemon: Daemon, done: () => void) {
    this.#daemon = daemon;
    this.#done = done;
  }

  /** Asks what the payment would be. */
  async ask(wallet: string, waitMs: number): Promise<void> {
    if (this.asking) return;
    this.refusal = null;
    const amountBase = parseViv(this.amount.trim());
    if (amountBase === null || amountBase < 0n) {
      this.refusal = { code: "WALLET_AMOUNT" };
      return;
    }
    this.asking = true;
    const asked = { wallet, to: this.to.trim(), amountBase: String(amountBase) };
    const answer = await this.#daemon.call("wallet.preview", asked);
    this.asking = false;
    if (!answer.ok) {
      this.refusal = answer.rejection;
      return;
    }
    this.preview = answer.value;
    this.step = "preview";
    this.password.clear();
    this.password.waitFor(waitMs);
  }

  /** Confirms the preview with the password that was typed. */
  async pay(): Promise<void> {
    const preview = this.preview?.preview ?? null;
    if (preview === null || this.step !== "preview" || this.password.text === "") return;
    this.step = "sending";
    const password = this.password.take();
    const answer = await this.#daemon.call("wallet.pay", { preview, password }, PAY_TIMEOUT_MS);
    if (answer.ok) {
      this.paid = answer.value;
      this.step = "sent";
    } else if (this.password.refused(answer.rejection)) this.step = "preview";
    else {
      const unknown = UNCERTAIN.includes(answer.rejection.code);
      this.refusal = unknown ? { code: "WALLET_SEND_UNKNOWN" } : answer.rejection;
      this.step = "typing";
    }
    this.#done();
  }

  /** Back to what was typed, which is kept. */
  change(): void {
    this.step = "typing";
    this.preview = null;
    this.password.clear();
  }

  /** An empty form. */
  restart(): void {
    this.change();
    this.to = "";
    this.amount = "";
    this.paid = null;
    this.refusal = null;
  }
}
