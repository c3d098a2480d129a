/** Counts every row that can hold VIV in a practice world, by another way than its own count. */

import { concatBytes } from "../../src-main/contract/bytes.ts";
import {
  ACCOUNTS,
  JOBS,
  KEYS,
  laneId,
  LANES,
  UNBONDINGS,
  WORKERS,
} from "../../src-main/ledger/index.ts";
import {
  ANCHORS,
  ENCRYPTION_KEYS,
  GRANTS,
  publicationId,
  PUBLICATIONS,
  SUBJECTS,
} from "../../src-main/ledger/state/rows-published.ts";
import type { PracticeWorld, Who } from "./practice-world.ts";

const PEOPLE: readonly Who[] = ["owner", "worker", "verifier", "validator", "stranger"];

/** What a test's records may have named beside the world's people. */
export interface Named {
  /** Lanes that records used. */
  readonly lanes?: readonly number[];
  readonly subjects?: readonly Uint8Array[];
  /** Whom money was sent to beside the world's people. */
  readonly others?: readonly Uint8Array[];
}

/** All VIV in the rows of a world; a row that is forgotten here shows as a wrong supply. */
export function countedMoney(world: PracticeWorld, named: Named = {}): bigint {
  const people = [...PEOPLE.map((who) => world.address[who]), world.genesis.pool];
  const addresses = [...people, ...(named.others ?? [])];
  let sum = 0n;
  for (const address of addresses) {
    sum += world.row(ACCOUNTS, address)?.balanceBase ?? 0n;
    sum += world.row(WORKERS, address)?.bondedBase ?? 0n;
    sum += world.row(KEYS, address)?.deposit.depositBase ?? 0n;
    sum += world.row(ANCHORS, address)?.deposit.depositBase ?? 0n;
    sum += world.row(ENCRYPTION_KEYS, address)?.deposit.depositBase ?? 0n;
    for (const part of world.row(UNBONDINGS, address) ?? []) sum += part.amountBase;
    for (const lane of named.lanes ?? [0]) {
      sum += world.row(LANES, laneId(address, lane))?.deposit.depositBase ?? 0n;
    }
  }
  for (const subject of named.subjects ?? []) {
    sum += world.row(SUBJECTS, subject)?.deposit.depositBase ?? 0n;
    for (const address of addresses) {
      sum += world.row(GRANTS, concatBytes(subject, address))?.deposit.depositBase ?? 0n;
    }
  }
  for (const { stored, head } of world.commits) {
    for (const [index, bytes] of stored.entries()) {
      const slot = head.firstSlot + BigInt(index);
      sum += world.row(PUBLICATIONS, publicationId(slot))?.deposit.depositBase ?? 0n;
      const signed = index === 0 ? undefined : world.needs.recoverRecord(bytes);
      if (signed?.ok !== true) continue;
      const job = world.row(JOBS, signed.value.id);
      sum += (job?.escrowBase ?? 0n) + (job?.deposit.depositBase ?? 0n);
    }
  }
  return sum;
}
