/**
 * Decides how the records of a commit are run: all are admitted first, against the executed parent,
 * then each is applied in slot order and pays for what it did. The supply is checked after each.
 */

import { accept, invariant, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { COMMIT_BYTES_MAX, OPEN_BYTES_MAX, OPEN_RECORDS_MAX } from "../limits.ts";
import type { RecordOutcome } from "../outcomes/outcome.ts";
import type { SignedRecord } from "../records/stored-record.ts";
import { admit } from "../state/admit.ts";
import { applyRecord } from "../state/apply-record.ts";
import { attempt } from "../state/attempt.ts";
import { isReserved, stateFee } from "../state/fees.ts";
import type { FeePrices } from "../state/fees.ts";
import { checkSupply, countBurned, credit } from "../state/money.ts";
import type { StateOverlay } from "../state/overlay.ts";
import type { RuleContext } from "../state/rule.ts";
import type { ExecuteNeeds } from "./types.ts";

/** State under work: how much money there was, and which fees are set aside. */
export interface Work {
  readonly overlay: StateOverlay;
  readonly context: RuleContext;
  /** What records cost in this commit. */
  readonly prices: FeePrices;
  readonly beforeBase: bigint;
  reservedBase: bigint;
}

/** A record that was admitted, and what its inclusion costs. */
export interface Admitted {
  readonly signed: SignedRecord;
  readonly slot: bigint;
  readonly feeBase: bigint;
}

/**
 * How much of a commit is taken. A quarter of its records and bytes is kept for the reserved
 * kinds, so that no flood of others keeps an answer out until its window has passed.
 */
export class CommitRoom {
  #bytes = 0;
  #openBytes = 0;
  #openRecords = 0;

  /** Stored bytes taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes room for one record, or says why there is none and takes nothing.
   * @rejects LEDGER_COMMIT_BYTES, LEDGER_COMMIT_RESERVED
   */
  take({ stored, record }: SignedRecord): Outcome<undefined> {
    const bytes = this.#bytes + stored.length;
    if (bytes > COMMIT_BYTES_MAX) return reject("LEDGER_COMMIT_BYTES", { bytes });
    if (!isReserved(record.payload.kind)) {
      const openBytes = this.#openBytes + stored.length;
      if (this.#openRecords === OPEN_RECORDS_MAX || openBytes > OPEN_BYTES_MAX) {
        return reject("LEDGER_COMMIT_RESERVED", { records: this.#openRecords, bytes: openBytes });
      }
      this.#openBytes = openBytes;
      this.#openRecords += 1;
    }
    this.#bytes = bytes;
    return accept(undefined);
  }
}

/**
 * Admits the records of a commit.
 * @rejects of the first inadmissible record its code, with its position in the commit as a fact
 */
export function admitAll(
  work: Work,
  room: CommitRoom,
  firstSlot: bigint,
  records: readonly Uint8Array[],
  { recoverRecord }: Pick<ExecuteNeeds, "recoverRecord">,
): Outcome<readonly Admitted[]> {
  const { overlay, context, prices } = work;
  const admission = { prices, time: context.time };
  const admitted: Admitted[] = [];
  for (const [position, stored] of records.entries()) {
    const signed = recoverRecord(stored);
    const fits = signed.ok ? room.take(signed.value) : signed;
    const fee = signed.ok && fits.ok ? admit(overlay, signed.value, admission) : fits;
    if (!fee.ok) return reject(fee.rejection.code, { ...fee.rejection.facts, position });
    invariant(signed.ok && fee.value !== undefined, "what is admitted was recovered");
    work.reservedBase += signed.value.record.maxFee;
    const slot = firstSlot + BigInt(position + 1);
    admitted.push({ signed: signed.value, slot, feeBase: fee.value });
  }
  return accept(admitted);
}

/**
 * Applies one admitted record, settles its fee and checks the supply. A record whose growth of the
 * state costs more than its account allowed is undone and pays all it allowed.
 */
export function applyOne(work: Work, { signed, slot, feeBase }: Admitted): RecordOutcome {
  const { overlay, context, prices } = work;
  const { account, maxFee, payload } = signed.record;
  const sender = { account, id: signed.id, slot };
  let chargedBase = feeBase;
  const applied = attempt(overlay, () => {
    const before = overlay.savepoint();
    const done = applyRecord(overlay, sender, payload, context);
    if (!done.ok) return done;
    const wholeBase = feeBase + stateFee(prices, overlay.growthSince(before), payload.kind);
    chargedBase = wholeBase < maxFee ? wholeBase : maxFee;
    return wholeBase > maxFee ? reject("LEDGER_FEE_STATE", { feeBase: String(wholeBase) }) : done;
  });
  const code = applied.ok ? "" : applied.rejection.code;
  const effects = applied.ok ? applied.value : [];
  work.reservedBase -= maxFee;
  credit(overlay, account, maxFee - chargedBase);
  countBurned(overlay, chargedBase);
  checkSupply(overlay, work.beforeBase, work.reservedBase);
  return { code, feeBase: chargedBase, effects };
}
