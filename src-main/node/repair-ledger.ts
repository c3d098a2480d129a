/**
 * Decides how a damaged ledger is made anew in an empty store: from the genesis where every entry
 * is held, else from a snapshot; every commit after it is executed again from the entries. Nothing
 * else of the damaged folder is believed. The lone validator signs again what it had signed: the
 * same statements, so nothing new is said.
 */

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { decodeStoredCommit, genesisState, statementOf } from "../ledger/index.ts";
import type { Genesis } from "../ledger/index.ts";
import type { LedgerStore } from "../ports/ledger-store.ts";
import type { VoteLog } from "../ports/vote-log.ts";
import { Chain } from "./chain.ts";
import { LocalIndex } from "./history/local-index.ts";
import { certify } from "./sealing/certify.ts";
import { lastVote } from "./sealing/vote-entry.ts";
import { restoreSnapshot } from "./snapshot.ts";
import type { NodeNeeds } from "./types.ts";

/** What is left of a damaged ledger. */
export interface LedgerRemains {
  /** One slot after the last that is held. */
  readonly end: number;
  /** First slot from one on that is not held; `end` where all are. */
  firstGap(from: number): number;
  record(slot: number): Uint8Array | undefined;
}

/** What a repair works with. */
export interface RepairNeeds {
  /** Empty. */
  readonly store: LedgerStore;
  readonly genesis: Genesis;
  readonly crypto: NodeNeeds["crypto"];
  readonly sign: NodeNeeds["keys"]["sign"];
  readonly remains: LedgerRemains;
  readonly snapshot: Uint8Array | undefined;
  /** What the validator signed; undefined where that is lost too. */
  readonly voteLog: VoteLog | undefined;
}

/** What a repaired ledger holds. */
export interface Repaired {
  readonly commits: number;
  readonly slots: number;
  /** First slot whose record is held; those before it are only in the damaged folder. */
  readonly floor: number;
}

/**
 * Makes the ledger anew.
 * @rejects NODE_REPAIR_GAP where a slot is lost that no snapshot makes up for, NODE_REPAIR_OLDER
 *          where the validator signed more than could be read, SNAPSHOT_*
 */
export async function repairLedger(needs: RepairNeeds): Promise<Outcome<Repaired>> {
  const { store, genesis, crypto, remains, snapshot } = needs;
  if (!isWhole(needs)) {
    const gap = remains.firstGap(0);
    if (snapshot === undefined) return reject("NODE_REPAIR_GAP", { slot: gap, end: remains.end });
    const { head } = genesisState(genesis, crypto);
    const restored = await restoreSnapshot(store, snapshot, head.genesisHash, crypto);
    if (!restored.ok) return restored;
  }
  const chain = await Chain.open(genesis, { store, crypto });
  // What is stored next adds to the local indexes, so they begin with it.
  await new LocalIndex(store).prepare(genesis, chain.execution);
  const replayed = await replay(chain, needs);
  if (!replayed.ok) return replayed;
  const { number, size } = chain.head;
  if (needs.voteLog !== undefined) {
    try {
      lastVote(needs.voteLog, chain.head);
    } catch {
      return reject("NODE_REPAIR_OLDER", { slots: Number(size), commit: Number(number) });
    }
  }
  return accept({ commits: Number(number), slots: Number(size), floor: store.floors().payloads });
}

/** Whether every slot is held. Without any, only a log that signed nothing says there was none. */
function isWhole({ remains, voteLog }: RepairNeeds): boolean {
  if (remains.end > 0) return remains.firstGap(0) === remains.end;
  return voteLog !== undefined && voteLog.last() === undefined;
}

/** Executes what the entries hold after the chain's head; an end that is cut off was never told. */
async function replay(chain: Chain, needs: RepairNeeds): Promise<Outcome<undefined>> {
  const { remains, genesis, crypto, sign } = needs;
  for (;;) {
    const { head } = chain;
    const first = Number(head.size);
    const gap = remains.firstGap(first);
    const lost = () => reject("NODE_REPAIR_GAP", { slot: gap, end: remains.end });
    if (gap === first) return gap < remains.end ? lost() : accept(undefined);
    const stored = remains.record(first);
    const commit = stored === undefined ? undefined : decodeStoredCommit(stored, crypto.hasher);
    if (commit?.ok !== true) return reject("NODE_REPAIR_GAP", { slot: first, end: remains.end });
    const end = first + 1 + commit.value.record.payload.recordCount;
    if (gap < end) return gap < remains.end ? lost() : accept(undefined);
    const records = Array.from({ length: end - first }, (_, at) => remains.record(first + at));
    const built = chain.execute(records.flatMap((record) => record ?? []));
    if (!built.ok) {
      const rule = built.rejection.code;
      return reject("NODE_REPAIR_GAP", { slot: first, end: remains.end, rule });
    }
    const statement = statementOf("finalize", built.value.head, head.view);
    const { verifyEd25519 } = crypto;
    const signing = { genesis, genesisHash: head.genesisHash, validator: 0, sign, verifyEd25519 };
    await chain.append(built.value, certify(statement, signing));
  }
}
