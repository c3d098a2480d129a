/**
 * Decides how mempool, sealing, storing and reading are one node. A submission is answered when its
 * commit is final and stored; listeners hear of a commit after that, in order.
 */

import { bytesEqual } from "../contract/bytes.ts";
import { accept, Fault, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import {
  commitCovers,
  leastCommitTime,
  statementOf,
  statementsEqual,
  stateViewOver,
} from "../ledger/index.ts";
import type {
  Certificate,
  ExecutedCommit,
  FeePrices,
  Genesis,
  Head,
  ListingRow,
  Receipt,
  RecordOutcome,
  Statement,
  StateReceipt,
  TotalsRow,
} from "../ledger/index.ts";
import { Chain } from "./chain.ts";
import { CommitListeners } from "./commit-listeners.ts";
import type { HistoryEntry } from "./history/history-entry.ts";
import { LocalIndex } from "./history/local-index.ts";
import { Mempool } from "./mempool.ts";
import type { NextCommit, Waiting } from "./mempool.ts";
import { LightProofs } from "./light-proofs.ts";
import { Proofs } from "./proofs.ts";
import { Prunings } from "./prunings.ts";
import { buildCommit } from "./sealing/build-commit.ts";
import { certify } from "./sealing/certify.ts";
import { Sealer } from "./sealing/sealer.ts";
import type { ProposeAction } from "./sealing/sealer.ts";
import { guardFault, lastVote, writeVote } from "./sealing/vote-entry.ts";
import type { VoteEntry } from "./sealing/vote-entry.ts";
import { finishRestoring } from "./snapshot.ts";
import type { StoreFloors } from "../ports/ledger-store.ts";
import { StateReads } from "./state-reads.ts";
import { Submissions } from "./submissions.ts";
import { TileSettling } from "./tile-settling.ts";
import type {
  AccountView,
  CommitNews,
  JobView,
  LedgerLists,
  Node,
  NodeNeeds,
  NodeOptions,
  OutcomeProof,
  Pruned,
  SealedRecord,
  SizeProof,
  SlotProof,
  StateReader,
  UnitView,
} from "./types.ts";
import type { VerifyProgress, VerifyReport } from "./verify/report.ts";
import { verifyLedger } from "./verify/verify-ledger.ts";

/** Makes a node; `start` opens it. */
export function createNode(options: NodeOptions, needs: NodeNeeds): Node {
  return new LedgerNode(options.genesis, needs);
}

/** What exists once a node was started. */
interface Opened {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly proofs: Proofs;
  readonly light: LightProofs;
  readonly sealer: Sealer;
  readonly submissions: Submissions;
}

class LedgerNode implements Node {
  readonly lists: LedgerLists;
  readonly #genesis: Genesis;
  readonly #needs: NodeNeeds;
  readonly #index: LocalIndex;
  readonly #listeners = new CommitListeners();
  readonly #receiptsWaiting = new Set<() => void>();
  readonly #tiles: TileSettling;
  readonly #prunings: Prunings;
  #open: Opened | undefined;
  /** Why nothing is sealed any more. */
  #ended: string | undefined;
  #taken: readonly Waiting[] = [];

  constructor(genesis: Genesis, needs: NodeNeeds) {
    this.#genesis = genesis;
    this.#needs = needs;
    this.#index = new LocalIndex(needs.store);
    this.#tiles = new TileSettling(needs.store, needs.log, (error) => this.#fail(error));
    const ended = (): string | undefined => this.#ended;
    const settle = (): Promise<void> => this.#tiles.finish();
    this.#prunings = new Prunings({ ...needs, genesis, ended, settle });
    this.lists = this.#index;
  }

  async start(): Promise<void> {
    invariant(this.#open === undefined && this.#ended === undefined, "a node starts once");
    const { store, crypto, log, voteLog, clock } = this.#needs;
    this.#checkKeys();
    if (await finishRestoring(store, this.#genesis, crypto)) log.info("a restoring was finished");
    const chain = await Chain.open(this.#genesis, this.#needs);
    const index = await this.#index.prepare(this.#genesis, chain.execution);
    if (index === "derived") log.info("local indexes were derived from the log");
    const vote = lastVote(voteLog, chain.head);
    if (vote.unfinished !== undefined) await this.#finish(chain, vote.unfinished);
    await this.#tiles.finish();
    const mempool = new Mempool(crypto.hasher, chain.view());
    const { head } = chain;
    const now = BigInt(Math.max(clock.nowMs(), Number(head.time)));
    const start = { genesis: this.#genesis, head, guard: vote.guard, due: chain.due(), now };
    const sealer = new Sealer(
      { ...start, unnamed: chain.unnamed() },
      {
        clock,
        log,
        build: (action) => this.#build(action),
        persist: (guard, built) => writeVote(voteLog, { guard, stored: built.stored }),
        certify: (statement) => this.#certify(statement, chain.head),
        store: (finalization, built) => this.#store(finalization, built),
        onFailure: (error) => this.#fail(error),
      },
    );
    const proofs = new Proofs(chain, this.#needs);
    const light = new LightProofs(chain, this.#needs);
    const submissions = new Submissions(mempool, {
      execution: chain.execution,
      crypto,
      next: () => this.#next(),
      ended: () => this.#ended,
      onAdded: () => sealer.pending(this.#waitingCount()),
    });
    this.#open = { chain, mempool, proofs, light, sealer, submissions };
    log.info("the ledger is open", { commit: String(head.number), slots: String(head.size) });
    sealer.begin();
  }

  async stop(): Promise<void> {
    this.#ended ??= "NODE_STOPPED";
    const open = this.#open;
    if (open === undefined) return;
    await open.sealer.end();
    await this.#prunings.end();
    await this.#tiles.end();
    open.mempool.refuseAll(this.#ended);
    this.#wakeReceipts();
  }

  get light(): LightProofs {
    return this.#opened().light;
  }

  head(): Head {
    return this.#opened().chain.head;
  }

  genesisHash(): Uint8Array {
    return this.head().genesisHash;
  }

  supply(): TotalsRow {
    return this.#state().totals();
  }

  async submit(stored: Uint8Array): Promise<Outcome<SealedRecord>> {
    if (this.#ended !== undefined) return reject(this.#ended);
    return this.#opened().submissions.submit(stored);
  }

  prices(): FeePrices {
    return this.#opened().chain.prices();
  }

  account(address: Uint8Array): AccountView {
    return this.#state().account(address);
  }

  nextNonce(address: Uint8Array, lane: number): bigint {
    const { mempool, submissions } = this.#opened();
    submissions.hurry(address, lane);
    return mempool.nextNonce(address, lane);
  }

  job(id: Uint8Array): JobView | undefined {
    const held = this.#state().job(id) ?? this.#index.closedJob(id);
    return held === undefined ? undefined : { ...held, id };
  }

  unit(id: Uint8Array): UnitView | undefined {
    const held = this.#state().unit(id) ?? this.#index.closedUnit(id);
    return held === undefined ? undefined : { ...held, id };
  }

  listing(number: number): ListingRow | undefined {
    return this.#state().listing(number);
  }

  onCommit(listener: (news: CommitNews) => void): () => void {
    return this.#listeners.add(listener);
  }

  jobs(limit: number): readonly JobView[] {
    return this.#index.jobs(limit).flatMap((id) => this.job(id) ?? []);
  }

  units(limit: number): readonly UnitView[] {
    return this.#index.units(limit).flatMap((id) => this.unit(id) ?? []);
  }

  unitsOf(job: Uint8Array, limit: number): readonly UnitView[] {
    return this.#index.unitsOf(job, limit).flatMap((id) => this.unit(id) ?? []);
  }

  history(address: Uint8Array, limit: number): readonly HistoryEntry[] {
    return this.#index.history(address, limit);
  }

  floors(): StoreFloors {
    return this.#needs.store.floors();
  }

  oldestState(): number {
    return this.#needs.store.oldestState();
  }

  stateAt(commit: bigint): Outcome<StateReader> {
    const pages = this.#opened().chain.pagesAt(commit);
    if (!pages.ok) return pages;
    return accept(new StateReads(stateViewOver(pages.value), this.#needs.crypto.hasher));
  }

  proveState(key: Uint8Array, commit?: bigint): Outcome<StateReceipt> {
    return this.#opened().proofs.state(key, commit);
  }

  prune(below: bigint): Promise<Outcome<Pruned>> {
    return this.#prunings.run(this.#opened().proofs, below);
  }

  record(slot: bigint): Outcome<Uint8Array> {
    return this.#opened().chain.record(slot);
  }

  outcome(slot: bigint): Outcome<RecordOutcome> {
    return this.#opened().chain.outcome(slot);
  }

  slotOf(id: Uint8Array): bigint | undefined {
    return this.#index.slotOf(id);
  }

  prove(slot: bigint): Outcome<SlotProof> {
    return this.#opened().proofs.prove(slot);
  }

  proveOutcome(slot: bigint): Outcome<OutcomeProof> {
    return this.#opened().proofs.outcome(slot);
  }

  consistency(since: bigint): Outcome<SizeProof> {
    return this.#opened().proofs.consistency(since);
  }

  async receipt(slot: bigint): Promise<Outcome<Receipt>> {
    const { chain, proofs, sealer } = this.#opened();
    const held = chain.record(slot);
    if (!held.ok) return held;
    while (!commitCovers(chain.head.firstSlot, slot)) {
      if (this.#ended !== undefined) return reject(this.#ended);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#receiptsWaiting.add(resolve);
      sealer.pending(this.#waitingCount());
      await promise;
    }
    return proofs.receipt(slot);
  }

  verify(onProgress?: (progress: VerifyProgress) => void): Promise<VerifyReport> {
    return verifyLedger(this.#needs.store, this.#genesis, this.#needs, onProgress);
  }

  #checkKeys(): void {
    const { keys } = this.#needs;
    const [only, ...others] = this.#genesis.validators;
    const own = bytesEqual(only.consensusKey, keys.consensusKey);
    if (others.length > 0 || !own || !bytesEqual(only.vrfKey, keys.vrfKey)) {
      throw new Fault("NODE_KEY", "the sealing keys are not those of the only validator");
    }
  }

  #opened(): Opened {
    invariant(this.#open !== undefined, "the node was started");
    return this.#open;
  }

  #state(): StateReads {
    return new StateReads(this.#opened().chain.view(), this.#needs.crypto.hasher);
  }

  #next(): NextCommit {
    const least = leastCommitTime(this.#genesis, this.head());
    const wall = BigInt(this.#needs.clock.nowMs());
    return { prices: this.prices(), time: wall > least ? wall : least };
  }

  /** Records that wait; a receipt that waits for a commit counts as one. */
  #waitingCount(): number {
    return this.#opened().mempool.count + (this.#receiptsWaiting.size > 0 ? 1 : 0);
  }

  #build(action: ProposeAction): ExecutedCommit | undefined {
    const { chain, mempool } = this.#opened();
    const { keys, crypto, log } = this.#needs;
    const { epoch, view, time } = action;
    this.#taken = mempool.take(chain.view(), { prices: chain.prices(), time });
    const records = this.#taken.map(({ signed }) => signed.stored);
    const plan = { epoch, view, time, proposer: 0, recordCount: records.length };
    const first = buildCommit(this.#genesis, chain.head, plan, { hasher: crypto.hasher, keys });
    const built = chain.execute([first, ...records]);
    if (built.ok) return built.value;
    // Everything taken was admitted a moment ago, so this is a bug: say it, and drop the record.
    const { code, facts } = built.rejection;
    log.error("a commit of our own was refused", { ...facts, code });
    const culprit = this.#taken[Number(facts?.["position"] ?? -1)];
    if (culprit !== undefined) mempool.refuse(culprit, built);
    return undefined;
  }

  #certify(statement: Statement, { genesisHash }: Head): Certificate {
    const { keys, crypto } = this.#needs;
    const { verifyEd25519 } = crypto;
    const genesis = this.#genesis;
    return certify(statement, {
      genesis,
      genesisHash,
      validator: 0,
      sign: keys.sign,
      verifyEd25519,
    });
  }

  /** Answers how much waits for the next commit. */
  async #store(finalization: Certificate, built: ExecutedCommit): Promise<number> {
    const { chain, mempool } = this.#opened();
    await chain.append(built, finalization);
    const sealed = this.#taken;
    this.#taken = [];
    mempool.sealed(sealed, chain.view(), this.#next());
    const { firstSlot } = built.head;
    for (const [index, { signed, settle }] of sealed.entries()) {
      const slot = firstSlot + BigInt(index + 1);
      settle(accept({ id: signed.id, slot, outcome: built.outcomes[index + 1] }));
    }
    this.#wakeReceipts();
    this.#listeners.tell(built, this.#needs.log);
    this.#tiles.begin();
    return this.#waitingCount();
  }

  /** Stores a commit that was signed before the last end but not stored. */
  async #finish(chain: Chain, vote: VoteEntry): Promise<void> {
    const { head } = chain;
    const built = chain.execute(vote.stored);
    if (!built.ok) throw guardFault(`what was signed is refused: ${built.rejection.code}`, head);
    const finalize = statementOf("finalize", built.value.head, head.view);
    const signed = vote.guard.finalize;
    if (signed === undefined || !statementsEqual(signed, finalize)) {
      throw guardFault("the vote log's commit is not the one that was signed", head);
    }
    await chain.append(built.value, this.#certify(finalize, head));
    this.#needs.log.info("a commit that was signed but not stored was finished", {
      commit: String(built.value.head.number),
    });
  }

  #wakeReceipts(): void {
    for (const resolve of this.#receiptsWaiting) resolve();
    this.#receiptsWaiting.clear();
  }

  #fail(error: unknown): void {
    const code = error instanceof Fault ? error.code : "NODE_STOPPED";
    this.#ended = code;
    this.#needs.log.error("sealing ended", { code, error: String(error) });
    this.#open?.mempool.refuseAll(code);
    this.#wakeReceipts();
    this.#needs.onFault?.(error);
  }
}
