/**
 * Decides how a job on the owner's data comes to the ledger: quoted first, which imports the data
 * and charges nothing, then ordered, which moves the price from the balance into escrow. A quote
 * that is not ordered leaves nothing behind.
 */

import { bytesToHex } from "../../contract/bytes.ts";
import type { Quote, QuoteParams } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { formatViv } from "../../contract/units.ts";
import type { Hasher } from "../../crypto/index.ts";
import { specificationBytes, submitJob } from "../../miner/index.ts";
import type { Node } from "../../node/index.ts";
import type { Entropy } from "../../ports/entropy.ts";
import type { Founding } from "./founding.ts";
import type { DataImports } from "./import-data.ts";
import type { ImportedSet } from "./import-messages.ts";
import { modelWords } from "./model-words.ts";
import type { OwnDataSets } from "./own-data-sets.ts";
import { planOwnJob } from "./plan-own-job.ts";
import type { OwnJobPlan } from "./plan-own-job.ts";
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
  readonly stepTime: StepTime;
  readonly valueNote: string;
}

/** A quote that may be ordered. */
interface HeldQuote {
  readonly set: ImportedSet;
  readonly plan: OwnJobPlan;
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
   * @rejects DATA_IMPORT_*, PROCESSES_IMPORT_*, PROCESSES_MODEL_DATA, ENGINE_*, PROCESSES_BALANCE
   */
  async quote(asked: QuoteParams): Promise<Outcome<Quote>> {
    const { hasher, imports, entropy, stepTime } = this.#needs;
    const set = await imports.read(asked.data);
    if (!set.ok) return set;
    const plan = planOwnJob(hasher, set.value, asked, stepTime);
    const covered = plan.ok ? this.#covered(plan.value) : plan;
    if (!plan.ok || !covered.ok) {
      await this.#discard(set.value);
      return covered as Outcome<never>;
    }
    const id = bytesToHex(entropy.bytes(32));
    this.#held.set(id, { set: set.value, plan: plan.value });
    await this.#forgetOldest();
    return accept(this.#words(id, set.value, plan.value));
  }

  /**
   * Submits a quoted job; its record is final when this resolves.
   * @rejects PROCESSES_QUOTE, PROCESSES_BALANCE, LEDGER_*, NODE_*
   */
  async order(id: string): Promise<Outcome<SubmittedJob>> {
    const held = this.#held.get(id);
    if (held === undefined) return reject("PROCESSES_QUOTE");
    this.#held.delete(id);
    const { set, plan } = held;
    const { dataSets } = this.#needs;
    // Known before the job is: a worker may be assigned to it at once.
    const isNew = !dataSets.has(set.root);
    dataSets.keep(set);
    const covered = this.#covered(plan);
    const sent = covered.ok ? await this.#submit(plan) : covered;
    if (!sent.ok && isNew) await dataSets.forget(set);
    return sent;
  }

  async #submit({ specification }: OwnJobPlan): Promise<Outcome<SubmittedJob>> {
    const { node, founding, hasher, entropy } = this.#needs;
    const spec = { ...specification, seed: entropy.bytes(32) };
    const fees = founding.genesis.constants;
    const owner = signerOf(founding.keys.owner);
    const sent = await submitJob({ spec, listing: 0 }, { hasher, ledger: node, fees, owner });
    return sent.ok ? accept({ job: sent.value.id, slot: sent.value.slot }) : sent;
  }

  /** Whether the balance covers price and fee; a job it does not cover is never sent. */
  #covered({ specification, steps }: OwnJobPlan): Outcome<void> {
    const { feePerRecordBase, feePerByteBase } = this.#needs.founding.genesis.constants;
    const bytes = specificationBytes(specification).length + RECORD_BYTES_BESIDE;
    const feeBase = feePerRecordBase + feePerByteBase * BigInt(bytes);
    const heldBase = this.#balance();
    if (specification.unitPriceBase + feeBase <= heldBase) return accept(undefined);
    const price = formatViv(specification.unitPriceBase);
    const facts = { price, balance: formatViv(heldBase), steps };
    return reject("PROCESSES_BALANCE", facts);
  }

  #balance(): bigint {
    const { node, founding } = this.#needs;
    return node.account(founding.keys.owner.address).balanceBase;
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

  #words(quote: string, { data }: ImportedSet, plan: OwnJobPlan): Quote {
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
      balanceBase: String(this.#balance()),
      valueNote: this.#needs.valueNote,
    };
  }
}
