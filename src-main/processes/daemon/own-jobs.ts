/**
 * Decides how a job on the owner's data comes to the ledger: quoted first, which imports the data
 * and charges nothing, then ordered, which moves the price from the balance into escrow. A quote
 * that is not ordered leaves nothing behind.
 */

import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import type { Quote, QuoteParams } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatViv } from "../../contract/units.ts";
import type { Hasher } from "../../crypto/index.ts";
import { laneDeposit, quoteFee } from "../../ledger/index.ts";
import { segmentCount } from "../../learning/index.ts";
import { specificationBytes, submitJob } from "../../miner/index.ts";
import type { AccountSigner } from "../../miner/index.ts";
import type { Node } from "../../node/index.ts";
import type { Entropy } from "../../ports/entropy.ts";
import { readWallet, statedAddress } from "../../wallet/index.ts";
import type { AccountKey } from "../../wallet/index.ts";
import { SPEND_LANE } from "../account-record.ts";
import type { Founding } from "./founding.ts";
import type { DataImports } from "./import-data.ts";
import type { ImportedSet } from "./import-messages.ts";
import { modelWords } from "./model-words.ts";
import type { OwnDataSets } from "./own-data-sets.ts";
import { planOwnJob } from "./plan-own-job.ts";
import type { OwnJobPlan } from "./plan-own-job.ts";
import { startFrom } from "./own-starts.ts";
import type { GivenStart, OwnStarts } from "./own-starts.ts";
import { textCut } from "./text-wishes.ts";
import type { StepTime } from "./step-time.ts";
import { signerOf } from "./submit-listing.ts";
import type { SubmittedJob } from "./submit-listing.ts";

/** Quotes that wait for their order; the oldest is forgotten for a further one. */
const QUOTES_MAX = 8;

/** Bytes of a record beside its specification, generously: head, payload fields, signature. */
const RECORD_BYTES_BESIDE = 512;

/** What quoting and ordering need. */
export interface OwnJobNeeds {
  readonly node: Node;
  readonly founding: Founding;
  readonly hasher: Hasher;
  readonly entropy: Entropy;
  readonly imports: DataImports;
  readonly dataSets: OwnDataSets;
  readonly starts: OwnStarts;
  readonly stepTime: StepTime;
  readonly valueNote: string;
  /** Folder of the wallets. */
  readonly keys: string;
}

/** Who is to pay: a wallet by its name, or the owner's account. */
interface Payer {
  readonly wallet: string | null;
  readonly address: Uint8Array;
}

/** A quote that may be ordered. */
interface HeldQuote {
  readonly set: ImportedSet;
  readonly plan: OwnJobPlan;
  readonly payer: Payer;
  /** Null where the job begins from its seed. */
  readonly start: GivenStart | null;
}

/** The plan of a job that begins with a given state. */
function begunWith(plan: OwnJobPlan, start: GivenStart | null): OwnJobPlan {
  if (start === null) return plan;
  return { ...plan, specification: { ...plan.specification, startRoot: start.root } };
}

/** Quotes and orders of jobs on the owner's data. */
export class OwnJobs {
  readonly #needs: OwnJobNeeds;
  readonly #held = new Map<string, HeldQuote>();

  constructor(needs: OwnJobNeeds) {
    this.#needs = needs;
  }

  /**
   * Imports data and says what training on it would be and cost. Nothing is charged.
   * @rejects DATA_IMPORT_*, PROCESSES_IMPORT_*, PROCESSES_MODEL_DATA, PROCESSES_MODEL_START,
   *   PROCESSES_MODEL_WEIGHTS, PROCESSES_TEXT_SIZE, PROCESSES_NOT_TEXT, MODEL_FILE_*, ENGINE_*,
   *   PROCESSES_BALANCE, WALLET_NAME, WALLET_UNKNOWN, WALLET_KEYSTORE_FORM
   */
  async quote(asked: QuoteParams): Promise<Outcome<Quote>> {
    const { hasher, imports, entropy, stepTime } = this.#needs;
    const payer = this.#payerOf(asked.wallet);
    if (!payer.ok) return payer;
    const cut = textCut(asked);
    if (!cut.ok) return cut;
    const set = await imports.read(asked.data, cut.value);
    if (!set.ok) return set;
    const plan = planOwnJob(hasher, set.value, asked, stepTime);
    const start = plan.ok ? this.#startOf(asked, plan.value) : plan;
    const covered = plan.ok && start.ok ? this.#covered(plan.value, payer.value) : start;
    if (!plan.ok || !start.ok || !covered.ok) {
      await this.#discard(set.value);
      return covered as Outcome<never>;
    }
    const id = bytesToHex(entropy.bytes(32));
    const begun = begunWith(plan.value, start.value);
    const quoted = { set: set.value, plan: begun, payer: payer.value, start: start.value };
    this.#held.set(id, quoted);
    await this.#forgetOldest();
    return accept(this.#words(id, quoted));
  }

  /**
   * Submits a job quoted for the owner's account; its record is final when this resolves.
   * @rejects PROCESSES_QUOTE, PROCESSES_QUOTE_PAYER, PROCESSES_BALANCE, LEDGER_*, NODE_*
   */
  order(id: string): Promise<Outcome<SubmittedJob>> {
    return this.#order(id, null, signerOf(this.#needs.founding.keys.owner));
  }

  /**
   * Submits a job quoted for a wallet, paid with its key.
   * @rejects as `order`
   */
  orderWith(id: string, wallet: string, key: AccountKey): Promise<Outcome<SubmittedJob>> {
    return this.#order(id, wallet, { ...signerOf(key), lane: SPEND_LANE });
  }

  /** The wallet a quote was made for. @rejects PROCESSES_QUOTE, PROCESSES_QUOTE_PAYER */
  walletOf(id: string): Outcome<string> {
    const held = this.#held.get(id);
    if (held === undefined) return reject("PROCESSES_QUOTE");
    const { wallet } = held.payer;
    return wallet === null ? reject("PROCESSES_QUOTE_PAYER") : accept(wallet);
  }

  async #order(
    id: string,
    wallet: string | null,
    signer: AccountSigner,
  ): Promise<Outcome<SubmittedJob>> {
    const held = this.#held.get(id);
    if (held === undefined) return reject("PROCESSES_QUOTE");
    const { set, plan, payer, start } = held;
    if (payer.wallet !== wallet || !bytesEqual(payer.address, signer.address)) {
      return reject("PROCESSES_QUOTE_PAYER");
    }
    this.#held.delete(id);
    const { dataSets, starts } = this.#needs;
    // Known before the job is: a worker may be assigned to it at once.
    const isNew = !dataSets.has(set.root);
    dataSets.keep(set);
    if (start !== null) starts.keep(start);
    const covered = this.#covered(plan, payer);
    const sent = covered.ok ? await this.#submit(plan, signer) : covered;
    if (!sent.ok && isNew) await dataSets.forget(set);
    return sent;
  }

  /** The given weights as the state before the first step; null where none were given. */
  #startOf({ start }: QuoteParams, { model }: OwnJobPlan): Outcome<GivenStart | null> {
    if (start === null) return accept(null);
    const { hasher, entropy } = this.#needs;
    return startFrom(hasher, model, start, entropy.bytes(32));
  }

  async #submit(
    { specification }: OwnJobPlan,
    owner: AccountSigner,
  ): Promise<Outcome<SubmittedJob>> {
    const { node, hasher, entropy } = this.#needs;
    const spec = { ...specification, seed: entropy.bytes(32) };
    const sent = await submitJob({ spec, listing: 0 }, { hasher, ledger: node, owner });
    return sent.ok ? accept({ job: sent.value.id, slot: sent.value.slot }) : sent;
  }

  /** Whether the balance covers price and fee; a job it does not cover is never sent. */
  #covered(plan: OwnJobPlan, payer: Payer): Outcome<void> {
    const { specification, steps } = plan;
    const heldBase = this.#balance(payer);
    if (specification.unitPriceBase + this.#feeMost(plan) <= heldBase) return accept(undefined);
    const price = formatViv(specification.unitPriceBase);
    const facts = { price, balance: formatViv(heldBase), steps };
    return reject("PROCESSES_BALANCE", facts);
  }

  /** Most that the record of an order costs, and what is lent while its job is in the state. */
  #feeMost({ specification }: OwnJobPlan): bigint {
    const bytes = specificationBytes(specification);
    const escrowBase = specification.unitPriceBase;
    const payload = { kind: "job-create", specification: bytes, listing: 0, escrowBase } as const;
    const prices = this.#needs.node.prices();
    const quote = quoteFee(prices, bytes.length + RECORD_BYTES_BESIDE, payload);
    return quote.maxFeeBase + quote.depositBase + laneDeposit(prices);
  }

  #balance({ address }: Payer): bigint {
    return this.#needs.node.account(address).balanceBase;
  }

  #payerOf(wallet: string | null): Outcome<Payer> {
    const { founding, keys } = this.#needs;
    if (wallet === null) return accept({ wallet, address: founding.keys.owner.address });
    const keystore = readWallet(keys, wallet);
    if (!keystore.ok) return keystore;
    const address = statedAddress(keystore.value);
    if (address === null) return reject("WALLET_KEYSTORE_FORM", { part: "address" });
    return accept({ wallet, address });
  }

  async #forgetOldest(): Promise<void> {
    for (const [id, { set }] of this.#held) {
      if (this.#held.size <= QUOTES_MAX) return;
      this.#held.delete(id);
      await this.#discard(set);
    }
  }

  /** Removes a set's blob unless a job or another quote is about the same data. */
  async #discard(set: ImportedSet): Promise<void> {
    const root = bytesToHex(set.root);
    const quoted = [...this.#held.values()].some((held) => bytesToHex(held.set.root) === root);
    if (!quoted && !this.#needs.dataSets.has(set.root)) await this.#needs.dataSets.forget(set);
  }

  #words(quote: string, { set: { data }, plan, payer }: HeldQuote): Quote {
    const { model, modelChosen, steps, stepsRule, trainMs, specification } = plan;
    return {
      quote,
      data,
      model: modelWords(model),
      modelChosen,
      steps,
      stepsRule,
      batchSize: specification.batchSize,
      trainMs,
      priceBase: String(specification.unitPriceBase),
      feeBase: String(this.#feeMost(plan)),
      wallet: payer.wallet,
      balanceBase: String(this.#balance(payer)),
      proof: {
        segments: segmentCount(specification),
        sampled: specification.sampledSegments,
        fullPermille: specification.fullReplayPermille,
      },
      valueNote: this.#needs.valueNote,
    };
  }
}
