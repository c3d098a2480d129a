/**
 * Decides how a whole ledger is checked from its disk: every commit is executed again from the
 * genesis into a state of its own, and everything the store holds must be what that gives. Nothing
 * stored is believed: not the state pages, not the outcomes, not the tiles, not the head.
 */

import { decode, encode } from "../../codec/index.ts";
import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import {
  certificateCodec,
  decodeStoredCommit,
  ed25519Scheme,
  executeCommit,
  genesisState,
  headCodec,
  statementOf,
  statementsEqual,
  stateViewOver,
  verifyCertificate,
} from "../../ledger/index.ts";
import type { ExecutedCommit, Genesis, Head, TotalsRow } from "../../ledger/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LedgerReader } from "../../ports/ledger-store.ts";
import { executeNeedsOf } from "../chain.ts";
import type { NodeExecution } from "../chain.ts";
import { closedRowsOf } from "../history/closed-rows.ts";
import { checkedEpochEnd } from "../history/epoch-end.ts";
import { indexRowsOf } from "../history/index-rows.ts";
import { VERIFY_AHEAD_RECORDS, VERIFY_PROGRESS_COMMITS, VERIFY_SLICE_MS } from "../limits.ts";
import type { NodeNeeds } from "../types.ts";
import { Expected } from "./expected.ts";
import { damage, Damage } from "./damage.ts";
import { checkPrunedPart } from "./pruned-part.ts";
import type { VerifyProgress, VerifyReport } from "./report.ts";

/** What a check works with. */
export interface VerifyNeeds {
  readonly clock: Clock;
  readonly crypto: NodeNeeds["crypto"];
}

/**
 * Checks a store against a genesis; the store may go on growing meanwhile.
 * @returns  a report with the first damage; only a broken invariant throws
 */
export async function verifyLedger(
  store: LedgerReader,
  genesis: Genesis,
  needs: VerifyNeeds,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<VerifyReport> {
  const check = new LedgerCheck(store, genesis, needs);
  const beganMs = needs.clock.nowMs();
  try {
    await check.run(onProgress);
    return check.report(needs.clock.nowMs() - beganMs, undefined);
  } catch (error) {
    if (!(error instanceof Fault) && !(error instanceof Damage)) throw error;
    return check.report(needs.clock.nowMs() - beganMs, error);
  }
}

class LedgerCheck {
  readonly #store: LedgerReader;
  readonly #genesis: Genesis;
  readonly #clock: Clock;
  readonly #crypto: NodeNeeds["crypto"];
  readonly #execution: NodeExecution;
  readonly #expected: Expected;
  #head: Head;
  #supply: TotalsRow | undefined;
  /** Commits whose signers are asked for while those before them are executed. */
  readonly #ahead: { records: Uint8Array[]; recovered: Promise<void> }[] = [];
  /** First slot of the next commit to read. */
  #aheadTo = 0;
  #prunedBelow = 0;
  #executedFrom = 0;
  #certificates = 0;
  #signatures = 0;

  constructor(store: LedgerReader, genesis: Genesis, { clock, crypto }: VerifyNeeds) {
    this.#store = store;
    this.#genesis = genesis;
    this.#clock = clock;
    this.#crypto = crypto;
    const begins = genesisState(genesis, crypto);
    this.#head = begins.head;
    this.#execution = executeNeedsOf(crypto, begins.head.genesisHash);
    this.#expected = new Expected(store, crypto.hasher);
    this.#expected.pagesChange(begins.pages);
  }

  async run(onProgress: (progress: VerifyProgress) => void): Promise<void> {
    const stored = this.#store.head();
    if (stored === undefined) throw damage("NODE_VERIFY_STATE", { what: "there is no head" });
    await this.#skipPruned();
    let sliceMs = this.#clock.nowMs();
    while (Number(this.#head.size) < this.#store.size()) {
      await this.#checkNext();
      const commits = Number(this.#head.number);
      if (commits % VERIFY_PROGRESS_COMMITS === 0) this.#tell(onProgress);
      if (this.#clock.nowMs() - sliceMs < VERIFY_SLICE_MS) continue;
      await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
      sliceMs = this.#clock.nowMs();
    }
    // From here to the end nothing waits, so a running node cannot store a commit in between.
    this.#tell(onProgress);
    const head = this.#store.head() ?? new Uint8Array(0);
    if (!bytesEqual(head, encode(headCodec, this.#head))) {
      throw damage("NODE_VERIFY_STATE", {
        what: "the head differs",
        size: Number(this.#head.size),
      });
    }
    this.#expected.compareAll(this.#prunedBelow > 0);
  }

  report(durationMs: number, error: Fault | Damage | undefined): VerifyReport {
    return {
      ok: error === undefined,
      code: error?.code,
      facts: error?.facts ?? {},
      commits: Number(this.#head.number),
      slots: Number(this.#head.size),
      certificates: this.#certificates,
      signatures: this.#signatures,
      ...this.#expected.counts(),
      supply: this.#supply,
      prunedBelow: this.#prunedBelow,
      executedFrom: this.#executedFrom,
      durationMs,
    };
  }

  /** Where records are gone, hashes are checked and execution begins with the snapshot. */
  async #skipPruned(): Promise<void> {
    const { payloads } = this.#store.floors();
    if (payloads === 0) return;
    this.#prunedBelow = payloads;
    this.#expected.forgetPages();
    let sliceMs = this.#clock.nowMs();
    const pause = async (): Promise<void> => {
      if (this.#clock.nowMs() - sliceMs < VERIFY_SLICE_MS) return;
      await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
      sliceMs = this.#clock.nowMs();
    };
    const { snapshot, certificates } = await checkPrunedPart({
      store: this.#store,
      genesis: this.#genesis,
      genesisHash: this.#head.genesisHash,
      crypto: this.#crypto,
      expected: this.#expected,
      pause,
    });
    this.#head = snapshot.head;
    this.#executedFrom = Number(snapshot.head.number);
    this.#certificates = certificates;
  }

  #tell(onProgress: (progress: VerifyProgress) => void): void {
    // Commits are not counted by size, so the total is known once the last one is read.
    const newest = decode(headCodec, this.#store.head() ?? new Uint8Array(0));
    const commits = Number(this.#head.number);
    const commitsTotal = newest.ok ? Number(newest.value.number) : commits;
    onProgress({ commits, commitsTotal, slots: Number(this.#head.size) });
  }

  async #checkNext(): Promise<void> {
    const first = Number(this.#head.size);
    const number = Number(this.#head.number) + 1;
    this.#lookAhead(first);
    const next = this.#ahead.shift();
    await next?.recovered;
    const records = next?.records ?? this.#readCommit(first);
    const parent = {
      genesis: this.#genesis,
      head: this.#head,
      readPage: (key: Uint8Array) => this.#expected.page(key),
    };
    const executed = executeCommit(parent, records[0], records.slice(1), this.#execution);
    if (!executed.ok) {
      const { code, facts } = executed.rejection;
      const position = Number(facts?.["position"] ?? -1) + 1;
      const where = { slot: first + position, commit: number };
      const kind = position === 0 ? "NODE_VERIFY_COMMIT" : "NODE_VERIFY_RECORD";
      throw damage(kind, { ...facts, ...where, rule: code });
    }
    this.#checkOutcomes(executed.value, first);
    this.#checkCertificate(executed.value, number, first);
    this.#signatures += records.length;
    this.#expected.grow(this.#head, executed.value);
    this.#expected.indexed(this.#indexOf(executed.value));
    this.#expected.pagesChange(executed.value.pages);
    if (executed.value.head.epoch !== this.#head.epoch) this.#checkEpochEnd();
    this.#head = executed.value.head;
    this.#supply = executed.value.supply;
  }

  /** Reads on from `first` while little is asked for; what does not read is told at its turn. */
  #lookAhead(first: number): void {
    if (this.#ahead.length === 0) this.#aheadTo = first;
    let asked = 0;
    for (const { records } of this.#ahead) asked += records.length;
    while (asked < VERIFY_AHEAD_RECORDS && this.#aheadTo < this.#store.size()) {
      let records: Uint8Array[];
      try {
        records = this.#readCommit(this.#aheadTo);
      } catch {
        return;
      }
      const recovered = this.#execution.recoverAhead(records.slice(1));
      this.#ahead.push({ records, recovered });
      this.#aheadTo += records.length;
      asked += records.length;
    }
  }

  /** Stored bytes of a commit; its length stands in its own first record. */
  #readCommit(first: number): Uint8Array[] {
    const stored = this.#store.record(first);
    const commit = decodeStoredCommit(stored, this.#execution.hasher);
    if (!commit.ok) {
      throw damage("NODE_VERIFY_COMMIT", { slot: first, rule: commit.rejection.code });
    }
    const records = [stored];
    for (let index = 1; index <= commit.value.record.payload.recordCount; index += 1) {
      if (first + index >= this.#store.size()) {
        throw damage("NODE_VERIFY_COMMIT", { slot: first, what: "the commit is cut off" });
      }
      records.push(this.#store.record(first + index));
    }
    return records;
  }

  #checkOutcomes(executed: ExecutedCommit, first: number): void {
    for (const [index, outcome] of executed.outcomeBytes.entries()) {
      if (bytesEqual(outcome, this.#store.outcome(first + index))) continue;
      throw damage("NODE_VERIFY_OUTCOME", { slot: first + index });
    }
  }

  #checkCertificate(executed: ExecutedCommit, number: number, first: number): void {
    const held = this.#store.commit(number);
    const where = { commit: number, slot: first };
    if (held?.firstSlot !== first) {
      throw damage("NODE_VERIFY_CERTIFICATE", { ...where, what: "it is missing or misplaced" });
    }
    const certificate = decode(certificateCodec, held.certificate);
    if (!certificate.ok) {
      throw damage("NODE_VERIFY_CERTIFICATE", { ...where, rule: certificate.rejection.code });
    }
    const checked = verifyCertificate(certificate.value, {
      genesisHash: this.#head.genesisHash,
      validators: this.#genesis.validators,
      scheme: ed25519Scheme(this.#execution.verifyEd25519),
    });
    if (!checked.ok) {
      throw damage("NODE_VERIFY_CERTIFICATE", { ...where, rule: checked.rejection.code });
    }
    const due = statementOf("finalize", executed.head, this.#head.view);
    if (!statementsEqual(checked.value, due)) {
      throw damage("NODE_VERIFY_CERTIFICATE", { ...where, what: "it is about something else" });
    }
    this.#certificates += 1;
  }

  /** The newest commit ended its epoch; what was kept of it must hold in the state it names. */
  #checkEpochEnd(): void {
    const { number, firstSlot } = this.#head;
    if (number === 0n) return;
    const { hasher } = this.#execution;
    const commit = decodeStoredCommit(this.#store.record(Number(firstSlot)), hasher);
    const stateRoot = commit.ok ? commit.value.record.payload.stateRoot : new Uint8Array(0);
    const rows = checkedEpochEnd(this.#store, { number, stateRoot }, hasher);
    if (rows === undefined) throw damage("NODE_VERIFY_INDEX", { commit: Number(number) });
    this.#expected.indexed(rows);
  }

  #indexOf(executed: ExecutedCommit): ReturnType<typeof indexRowsOf> {
    const records = executed.stored.slice(1).map((stored) => {
      const signed = this.#execution.recoverRecord(stored);
      if (!signed.ok) throw damage("NODE_VERIFY_RECORD", { id: bytesToHex(stored) });
      return signed.value;
    });
    const before = stateViewOver((key) => this.#expected.page(key));
    const effects = executed.effects.map(({ effect }) => effect);
    return [
      ...indexRowsOf({ commit: executed.commit, records, outcomes: executed.outcomes }),
      ...closedRowsOf(before, this.#execution.hasher, effects),
    ];
  }
}
