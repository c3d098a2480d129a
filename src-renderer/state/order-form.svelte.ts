/**
 * Decides the steps of a job on the owner's own data: described, quoted by the daemon (which reads
 * the data and charges nothing), confirmed with a wallet's password, in the ledger.
 */

import type { Quote, TextTokens, TextWishes } from "../../src-main/contract/control-api/own-job.ts";
import type { Refusal } from "../bridge/daemon-link.ts";
import type { Daemon } from "./daemon.svelte.ts";
import { PasswordTry } from "./password-try.svelte.ts";

/** Reading a large folder takes minutes; the daemon's own limit comes first. */
const QUOTE_TIMEOUT_MS = 660_000;

/** Opening a costly keystore takes a minute, and the commit a moment. */
const ORDER_TIMEOUT_MS = 180_000;

/** How long to train: the daemon's choice, or a number of steps or of passes. */
export type Length = "automatic" | "steps" | "epochs";

/** How a text is cut and how large its network is; what is left empty is the daemon's choice. */
export class TextFields {
  tokens = $state<TextTokens>("bytes");
  context = $state("");
  layers = $state("");
  width = $state("");

  /** What was said: null where nothing was, "wrong" where a number is none. */
  get wishes(): TextWishes | null | "wrong" {
    const { tokens } = this;
    const numbers = [this.context, this.layers, this.width].map((text) => {
      return text.trim() === "" ? null : wholeNumber(text);
    });
    if (numbers.includes(undefined)) return "wrong";
    const [context = null, layers = null, width = null] = numbers;
    const isUsual = tokens === "bytes" && numbers.every((number) => number === null);
    return isUsual ? null : { tokens, context, layers, width };
  }

  clear(): void {
    this.tokens = "bytes";
    this.context = "";
    this.layers = "";
    this.width = "";
  }
}

/** The number that was typed; undefined where it is none. */
function wholeNumber(text: string): number | undefined {
  const number = Number(text.trim());
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** The form that orders a job. */
export class OrderForm {
  data = $state("");
  wallet = $state("");
  length = $state<Length>("automatic");
  count = $state("");
  model = $state("");
  readonly text = new TextFields();
  step = $state<"typing" | "reading" | "preview" | "ordering" | "ordered">("typing");
  quote = $state.raw<Quote | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  job = $state("");
  readonly password = new PasswordTry();
  readonly #daemon: Daemon;
  readonly #done: () => void;

  /** @param done  told when jobs and balances have changed */
  constructor(daemon: Daemon, done: () => void) {
    this.#daemon = daemon;
    this.#done = done;
  }

  /** Asks what the job would be and cost. */
  async ask(wallet: string, waitMs: number): Promise<void> {
    if (this.step !== "typing" || this.data.trim() === "") return;
    this.refusal = null;
    const number = wholeNumber(this.count) ?? null;
    if (this.length !== "automatic" && number === null) {
      this.#refuseNumber("The number of steps or passes is not a whole number.");
      return;
    }
    const { wishes } = this.text;
    if (wishes === "wrong") {
      this.#refuseNumber("Context, layers or width is not a whole number.");
      return;
    }
    this.step = "reading";
    const asked = {
      data: this.data.trim(),
      steps: this.length === "steps" ? number : null,
      epochs: this.length === "epochs" ? number : null,
      model: this.model.trim() === "" ? null : this.model,
      text: wishes,
      wallet,
    };
    const answer = await this.#daemon.call("job.quote", asked, QUOTE_TIMEOUT_MS);
    this.step = "typing";
    if (!answer.ok) {
      this.refusal = answer.rejection;
      return;
    }
    this.quote = answer.value;
    this.step = "preview";
    this.password.clear();
    this.password.waitFor(waitMs);
  }

  #refuseNumber(what: string): void {
    this.refusal = { code: "API_PARAMS", what, next: "Write it in digits, like 600." };
  }

  /** Confirms the quote with the password that was typed. */
  async order(): Promise<void> {
    const quote = this.quote?.quote ?? null;
    if (quote === null || this.step !== "preview" || this.password.text === "") return;
    this.step = "ordering";
    const password = this.password.take();
    const answer = await this.#daemon.call("wallet.order", { quote, password }, ORDER_TIMEOUT_MS);
    if (answer.ok) {
      this.job = answer.value.job;
      this.step = "ordered";
    } else if (this.password.refused(answer.rejection)) this.step = "preview";
    else {
      this.refusal = answer.rejection;
      this.step = "typing";
    }
    this.#done();
  }

  /** Back to what was typed, which is kept. */
  change(): void {
    this.step = "typing";
    this.quote = null;
    this.password.clear();
  }

  /** An empty form. */
  restart(): void {
    this.change();
    this.data = "";
    this.count = "";
    this.model = "";
    this.text.clear();
    this.job = "";
    this.refusal = null;
  }
}
