/**
 * Decides what the local index keeps of a job that left the state: its last row and its units', as
 * the state held them, so that pages can show them for good. They are a function of the log, but
 * only executing it gives them again.
 */

import { decode } from "../../codec/index.ts";
import { concatBytes } from "../../contract/bytes.ts";
import { Fault, invariant } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  decodeStoredCommit,
  executeCommit,
  genesisState,
  JOBS,
  stateKey,
  stateViewOver,
} from "../../ledger/index.ts";
import type {
  Effect,
  ExecuteNeeds,
  Genesis,
  StatePageChange,
  StateView,
} from "../../ledger/index.ts";
import { unitId } from "../../learning/index.ts";
import type { IndexRow, LedgerStore } from "../../ports/ledger-store.ts";
import { ROW_KINDS } from "./index-rows.ts";

/** Key of a closed job's last row. */
export function closedJobKey(job: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.closedJob), job);
}

/** Key of a closed unit's last row. */
export function closedUnitKey(unit: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(ROW_KINDS.closedUnit), unit);
}

/**
 * The rows of the jobs that a commit takes out of the state.
 * @param before   the state before that commit: a job leaves in a later one than it closes in
 * @param effects  all effects of the commit
 */
export function closedRowsOf(
  before: StateView,
  hasher: Hasher,
  effects: readonly Effect[],
): IndexRow[] {
  const rows: IndexRow[] = [];
  for (const effect of effects) {
    if (effect.kind !== "closed") continue;
    const bytes = before.get(stateKey(hasher, "jobs", effect.job));
    const job = bytes === undefined ? undefined : decode(JOBS.codec, bytes);
    invariant(bytes !== undefined && job?.ok === true, "a job that leaves was in the state");
    rows.push({ key: closedJobKey(effect.job), bytes });
    for (let round = 0; round < job.value.rounds; round += 1) {
      for (let shard = 0; shard < job.value.shards; shard += 1) {
        const unit = unitId(hasher, effect.job, round, shard);
        const row = before.get(stateKey(hasher, "units", unit));
        if (row !== undefined) rows.push({ key: closedUnitKey(unit), bytes: row });
      }
    }
  }
  return rows;
}

/** Those rows of a whole log, by executing it from the genesis; the log is our own and checked. */
export function* closedRowsOfLog(
  store: Pick<LedgerStore, "record" | "size">,
  genesis: Genesis,
  execution: ExecuteNeeds,
): Iterable<IndexRow> {
  const { hasher } = execution;
  const begins = genesisState(genesis, execution);
  const pages = new Map<string, Uint8Array>();
  const name = (key: Uint8Array): string => key.join();
  const keep = (changes: readonly StatePageChange[]): void => {
    for (const { key, bytes } of changes) {
      if (bytes === undefined) pages.delete(name(key));
      else pages.set(name(key), bytes);
    }
  };
  keep(begins.pages);
  const readPage = (key: Uint8Array): Uint8Array | undefined => pages.get(name(key));
  let { head } = begins;
  while (Number(head.size) < store.size()) {
    const first = Number(head.size);
    const stored = store.record(first);
    const commit = decodeStoredCommit(stored, hasher);
    if (!commit.ok) throw damaged(first);
    const { recordCount } = commit.value.record.payload;
    const records = Array.from({ length: recordCount }, (_, at) => store.record(first + 1 + at));
    const executed = executeCommit({ genesis, head, readPage }, stored, records, execution);
    if (!executed.ok) throw damaged(first);
    const effects = executed.value.effects.map(({ effect }) => effect);
    yield* closedRowsOf(stateViewOver(readPage), hasher, effects);
    keep(executed.value.pages);
    ({ head } = executed.value);
  }
}

function damaged(slot: number): Fault {
  return new Fault("STORE_DAMAGED", `the commit at slot ${slot} does not execute`, { slot });
}
