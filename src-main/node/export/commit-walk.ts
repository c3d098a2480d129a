/**
 * Decides how the commits of an exported ledger are followed slot by slot: each begins where the
 * last one ended, names the outcome root of everything before it, and has a certificate over the
 * vector that ends with it. With `execute` each is executed again from the genesis.
 */

import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import type { MerkleFrontier } from "../../crypto/index.ts";
import {
  decodeStoredCommit,
  ed25519Scheme,
  executeCommit,
  genesisState,
  verifyCertificate,
} from "../../ledger/index.ts";
import type { Certificate, ExecuteNeeds, Genesis, Head } from "../../ledger/index.ts";
import { executeNeedsOf } from "../chain.ts";
import type { NodeNeeds } from "../types.ts";
import { lie } from "./lie.ts";

/** Where a walk is between two slots; all of it can be written down. */
export interface WalkPlace {
  /** The commit under way, or the last one. */
  readonly number: number;
  readonly firstSlot: number;
  readonly end: number;
  readonly epoch: string;
  readonly view: string;
  readonly parentView: string;
  readonly digest: string;
}

const BEFORE: WalkPlace = {
  ...{ number: 0, firstSlot: 0, end: 0, epoch: "0", view: "0", parentView: "0", digest: "" },
};

/** What the walk asks for. */
export interface WalkNeeds {
  readonly genesis: Genesis;
  readonly genesisHash: Uint8Array;
  readonly crypto: NodeNeeds["crypto"];
  readonly execute: boolean;
  readonly certificateOf: (
    commit: number,
  ) => Promise<{ firstSlot: number; certificate: Certificate }>;
}

/** The commits of an export. */
export class CommitWalk {
  readonly #needs: WalkNeeds;
  readonly #execution: ExecuteNeeds;
  #place: WalkPlace;
  #certificates = 0;
  /** Of the commit under way, only while executing. */
  #records: Uint8Array[] = [];
  #outcomes: (Uint8Array | undefined)[] = [];
  readonly #pages = new Map<string, Uint8Array>();
  #head: Head;

  constructor(needs: WalkNeeds, place: WalkPlace = BEFORE) {
    this.#needs = needs;
    this.#place = place;
    this.#execution = executeNeedsOf(needs.crypto, needs.genesisHash);
    const begins = genesisState(needs.genesis, needs.crypto);
    this.#head = begins.head;
    if (needs.execute) this.#keepPages(begins.pages);
  }

  get place(): WalkPlace {
    return this.#place;
  }

  get certificates(): number {
    return this.#certificates;
  }

  /** Looks at a slot before it is appended; both trees hold what is before it. */
  before(slot: number, record: Uint8Array, outcomes: MerkleFrontier): void {
    if (slot < this.#place.end) return;
    const { hasher } = this.#needs.crypto;
    const commit = decodeStoredCommit(record, hasher);
    if (!commit.ok) throw lie("EXPORT_COMMIT", { slot, because: commit.rejection.code });
    const { payload } = commit.value.record;
    const follows =
      payload.number === BigInt(this.#place.number) + 1n &&
      payload.firstSlot === BigInt(slot) &&
      String(payload.parentView) === this.#place.view &&
      bytesEqual(payload.genesisHash, this.#needs.genesisHash);
    if (!follows) throw lie("EXPORT_COMMIT", { slot, commit: String(payload.number) });
    if (!bytesEqual(payload.outcomeRoot, outcomes.root())) {
      throw lie("EXPORT_ROOT", { slot, tree: "outcome" });
    }
    this.#place = {
      number: Number(payload.number),
      firstSlot: slot,
      end: slot + 1 + payload.recordCount,
      epoch: String(payload.epoch),
      view: String(payload.view),
      parentView: String(payload.parentView),
      digest: bytesToHex(commit.value.digest),
    };
  }

  /** Looks at a slot after it was appended; checks the commit that ends with it. */
  async after(
    slot: number,
    record: Uint8Array,
    outcome: Uint8Array | undefined,
    vector: MerkleFrontier,
  ): Promise<void> {
    if (this.#needs.execute) {
      this.#records.push(record);
      this.#outcomes.push(outcome);
    }
    if (slot + 1 < this.#place.end) return;
    await this.#checkCertificate(vector);
    if (this.#needs.execute) this.#executeCommit();
  }

  async #checkCertificate(vector: MerkleFrontier): Promise<void> {
    const { number, firstSlot, end, epoch, view, parentView, digest } = this.#place;
    const { genesis, genesisHash, crypto, certificateOf } = this.#needs;
    const held = await certificateOf(number);
    const scheme = ed25519Scheme(crypto.verifyEd25519);
    const context = { genesisHash, validators: genesis.validators, scheme };
    const checked = verifyCertificate(held.certificate, context);
    const where = { commit: number, slot: firstSlot };
    if (!checked.ok) throw lie("EXPORT_CERTIFICATE", { ...where, because: checked.rejection.code });
    const signed = checked.value;
    const fits =
      signed.kind === "finalize" &&
      held.firstSlot === firstSlot &&
      signed.vectorSize === BigInt(end) &&
      [signed.epoch, signed.view, signed.parentView].map(String).join() ===
        [epoch, view, parentView].join() &&
      bytesToHex(signed.commitDigest) === digest;
    if (!fits) throw lie("EXPORT_CERTIFICATE", { ...where, what: "it is about something else" });
    if (!bytesEqual(signed.vectorRoot, vector.root())) {
      throw lie("EXPORT_ROOT", { ...where, tree: "vector" });
    }
    this.#certificates += 1;
  }

  #executeCommit(): void {
    const { genesis } = this.#needs;
    const readPage = (key: Uint8Array): Uint8Array | undefined => this.#pages.get(bytesToHex(key));
    const [first, ...records] = this.#records;
    const parent = { genesis, head: this.#head, readPage };
    const executed = executeCommit(parent, first, records, this.#execution);
    const where = { commit: this.#place.number };
    if (!executed.ok) throw lie("EXPORT_EXECUTION", { ...where, rule: executed.rejection.code });
    for (const [index, outcome] of executed.value.outcomeBytes.entries()) {
      const told = this.#outcomes[index];
      if (told === undefined || bytesEqual(told, outcome)) continue;
      throw lie("EXPORT_EXECUTION", { ...where, slot: this.#place.firstSlot + index });
    }
    this.#keepPages(executed.value.pages);
    this.#head = executed.value.head;
    this.#records = [];
    this.#outcomes = [];
  }

  #keepPages(pages: readonly { key: Uint8Array; bytes: Uint8Array | undefined }[]): void {
    for (const { key, bytes } of pages) {
      if (bytes === undefined) this.#pages.delete(bytesToHex(key));
      else this.#pages.set(bytesToHex(key), bytes);
    }
  }
}
