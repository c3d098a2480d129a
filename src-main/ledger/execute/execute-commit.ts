/**
 * Decides what a commit does: a pure function of its parent, its commit record and its records.
 * All records are admitted first, then applied in slot order, then what is due happens. A commit
 * with an inadmissible record is invalid as a whole.
 */

import { encode } from "../../codec/index.ts";
import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { leafHashes, MerkleFrontier } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import { applyIndexChanges } from "../index/apply-index-changes.ts";
import { indexChangesOf } from "../index/index-changes-of.ts";
import type { IndexUpdate } from "../index/types.ts";
import { recordOutcomeCodec } from "../outcomes/outcome.ts";
import type { RecordOutcome } from "../outcomes/outcome.ts";
import { decodeStoredCommit } from "../records/stored-record.ts";
import type { StoredCommit } from "../records/stored-record.ts";
import { agendaQueue } from "../state/agenda.ts";
import { moveBaseFee, pricesOf } from "../state/fees.ts";
import { settleDue } from "../state/end-of-commit/settle-due.ts";
import { growFeeds } from "../state/feeds.ts";
import { nextToLeave } from "../state/leaving.ts";
import { stateViewOver, updateStateMap } from "../state/map.ts";
import { checkSupply, totalsOf } from "../state/money.ts";
import { StateOverlay } from "../state/overlay.ts";
import type { RuleContext } from "../state/rule.ts";
import { AGENDA_BY_TIME, AGENDA_BY_VIEW, SINGLE, TOTALS } from "../state/tables.ts";
import { checkCommitRecord } from "./commit-record.ts";
import type { Head } from "./head.ts";
import { admitAll, applyOne, CommitRoom } from "./run-records.ts";
import type { Work } from "./run-records.ts";
import type { ExecutedCommit, ExecutedParent, ExecuteNeeds, NextDue } from "./types.ts";

/**
 * Executes a commit.
 * @param commitStored  stored bytes of its first slot
 * @param records       stored bytes of the slots after it
 * @rejects             LEDGER_COMMIT_*; or of the first inadmissible record its code, with its
 *                      position in the commit as a fact
 */
export function executeCommit(
  parent: ExecutedParent,
  commitStored: Uint8Array,
  records: readonly Uint8Array[],
  needs: ExecuteNeeds,
): Outcome<ExecutedCommit> {
  const { genesis, head } = parent;
  const read = decodeStoredCommit(commitStored, needs.hasher);
  if (!read.ok) return read;
  const { payload } = read.value.record;
  if (payload.recordCount !== records.length) return reject("LEDGER_COMMIT_COUNT");
  const beacon = checkCommitRecord(genesis, head, read.value, needs);
  if (!beacon.ok) return beacon;
  const overlay = new StateOverlay(stateViewOver(parent.readPage), needs.hasher);
  const context: RuleContext = {
    hasher: needs.hasher,
    genesis,
    number: payload.number,
    epoch: payload.epoch,
    view: payload.view,
    time: payload.time,
    beacon: beacon.value,
    verifyVrf: needs.verifyVrf,
    verifyEd25519: needs.verifyEd25519,
  };
  const beforeBase = totalsOf(overlay).circulatingBase;
  const prices = pricesOf(overlay, context);
  const work: Work = { overlay, context, prices, beforeBase, reservedBase: 0n };
  const room = new CommitRoom();
  const admitted = admitAll(work, room, payload.firstSlot, records, needs);
  if (!admitted.ok) return admitted;
  const applied = admitted.value.map((one) => applyOne(work, one));
  const supplyHolds = (): void => checkSupply(overlay, beforeBase, work.reservedBase);
  const effects = settleDue(overlay, context, supplyHolds);
  const outcomes = [{ code: "", feeBase: 0n, effects }, ...applied];
  const written = [read.value.record, ...admitted.value.map(({ signed }) => signed.record)];
  const slots = written.map((record, index) => {
    return { slot: payload.firstSlot + BigInt(index), record, outcome: outcomes[index] };
  });
  growFeeds(overlay, needs.hasher, slots);
  moveBaseFee(overlay, room.bytes, context);
  const stored = [commitStored, ...records];
  const { epoch, firstSlot } = payload;
  const index = applyIndexChanges(
    { ...needs, readPage: parent.readPage },
    head.indexRoot,
    indexChangesOf(slots),
    { epoch, size: firstSlot + BigInt(stored.length) },
  );
  return accept(finished(parent, read.value, { work, outcomes, stored, index }, needs));
}

interface Results {
  readonly work: Work;
  readonly outcomes: readonly RecordOutcome[];
  readonly stored: readonly Uint8Array[];
  readonly index: IndexUpdate;
}

/** Turns what was done into roots, pages and the new head. */
function finished(
  parent: ExecutedParent,
  commit: StoredCommit,
  { work, outcomes, stored, index }: Results,
  needs: ExecuteNeeds,
): ExecutedCommit {
  const { overlay, context, beforeBase } = work;
  const { payload } = commit.record;
  const circulatingBase = beforeBase + overlay.moneyChangeBase;
  const supply = { ...totalsOf(overlay), circulatingBase };
  overlay.write(TOTALS, SINGLE, supply);
  const { hasher, hashPairs } = needs;
  const map = { hasher, hashPairs, readPage: parent.readPage };
  const { root: stateRoot, pages } = updateStateMap(map, overlay.changes());
  const outcomeBytes = outcomes.map((outcome) => encode(recordOutcomeCodec, outcome));
  const vectorLeaves = leafHashes(hasher, stored);
  const outcomeLeafHashes = leafHashes(hasher, outcomeBytes);
  const vector = grown(hasher, parent.head.vectorFrontier, vectorLeaves);
  const outcomeTree = grown(hasher, parent.head.outcomeFrontier, outcomeLeafHashes);
  const head: Head = {
    genesisHash: parent.head.genesisHash,
    number: payload.number,
    epoch: payload.epoch,
    view: payload.view,
    firstSlot: payload.firstSlot,
    size: BigInt(vector.size),
    time: payload.time,
    commitDigest: commit.digest,
    vectorRoot: vector.root(),
    stateRoot,
    outcomeRoot: outcomeTree.root(),
    indexRoot: index.root,
    beacon: context.beacon,
    vectorFrontier: vector.serialise(),
    outcomeFrontier: outcomeTree.serialise(),
  };
  return {
    head,
    commit: commit.record,
    stored,
    leafHashes: vectorLeaves,
    outcomes,
    outcomeBytes,
    outcomeLeafHashes,
    effects: outcomes.flatMap((outcome, at) =>
      outcome.effects.map((effect) => ({ slot: payload.firstSlot + BigInt(at), effect })),
    ),
    pages: [...pages, ...index.pages],
    supply,
    due: nextDue(overlay),
  };
}

function grown(
  hasher: Hasher,
  serialised: Uint8Array,
  leaves: readonly Uint8Array[],
): MerkleFrontier {
  const frontier = MerkleFrontier.restore(hasher, serialised);
  invariant(frontier.ok, "a head holds its right edges");
  frontier.value.appendAll(leaves);
  return frontier.value;
}

function earliest(times: readonly (bigint | undefined)[]): bigint | undefined {
  let least: bigint | undefined;
  for (const time of times) {
    if (time !== undefined && (least === undefined || time < least)) least = time;
  }
  return least;
}

/** When the agenda next has something due; what a sealer waits for. */
export function nextDue(overlay: StateOverlay): NextDue {
  return {
    view: agendaQueue(overlay, AGENDA_BY_VIEW)[0]?.due,
    time: earliest([
      agendaQueue(overlay, AGENDA_BY_TIME)[0]?.due,
      nextToLeave(overlay, "job")?.due,
      nextToLeave(overlay, "unbonding")?.due,
    ]),
  };
}
