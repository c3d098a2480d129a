/** Decides whose history says what of a record and of an effect. */

import { bytesEqual } from "../../contract/bytes.ts";
import type { Effect, LedgerRecord, RecordOutcome } from "../../ledger/index.ts";
import type { HistoryEntry } from "./history-entry.ts";

/** Where and when it happened. */
export interface Moment {
  readonly slot: bigint;
  readonly time: bigint;
}

/** An entry and the account it belongs to. */
export type AccountEntry = readonly [Uint8Array, HistoryEntry];

const QUIET = { change: "none", amountBase: 0n, feeBase: 0n, code: "" } as const;

/** What a record's sender, and whom it reached, are told; a refused one is its sender's alone. */
export function recordEntries(
  record: LedgerRecord,
  { code, feeBase }: RecordOutcome,
  moment: Moment,
): AccountEntry[] {
  const { account, payload } = record;
  const entry: HistoryEntry = { ...moment, ...QUIET, what: payload.kind, feeBase, code };
  if (code !== "") return [[account, entry]];
  const out = (what: string, amountBase: bigint): AccountEntry => [
    account,
    { ...entry, what, change: "out", amountBase },
  ];
  switch (payload.kind) {
    case "transfer": {
      const { amountBase, to } = payload;
      return [out("transfer out", amountBase), paidIn(entry, to, amountBase)];
    }
    case "multi-transfer": {
      const { transfers } = payload;
      const sumBase = transfers.reduce((sum, { amountBase }) => sum + amountBase, 0n);
      const paid = transfers.map(({ to, amountBase }) => paidIn(entry, to, amountBase));
      return [out("transfer out", sumBase), ...paid];
    }
    case "memo": {
      const received = { ...entry, what: "memo in", feeBase: 0n };
      if (bytesEqual(payload.to, account)) return [[account, entry]];
      return [
        [account, entry],
        [payload.to, received],
      ];
    }
    case "bond":
    case "job-fund":
      return [payload.amountBase === 0n ? [account, entry] : out(payload.kind, payload.amountBase)];
    case "job-create":
      return [payload.listing === 0 ? out(payload.kind, payload.escrowBase) : [account, entry]];
    case "unbond":
      // The money comes later, as an effect of its own.
      return [[account, { ...entry, amountBase: payload.amountBase }]];
    default:
      return [[account, entry]];
  }
}

function paidIn(entry: HistoryEntry, to: Uint8Array, amountBase: bigint): AccountEntry {
  return [to, { ...entry, what: "transfer in", change: "in", amountBase, feeBase: 0n }];
}

/** What accounts are told of an effect. */
export function effectEntries(effect: Effect, moment: Moment): AccountEntry[] {
  const entry: HistoryEntry = { ...moment, ...QUIET, what: effect.kind };
  const came = (to: Uint8Array, what: string, amountBase: bigint): AccountEntry => [
    to,
    { ...entry, what, change: "in", amountBase },
  ];
  switch (effect.kind) {
    case "paid":
      return [came(effect.to, `paid ${effect.share}`, effect.amountBase)];
    case "refunded":
      return [came(effect.to, "refunded", effect.amountBase)];
    case "closed":
      return [came(effect.to, "deposit back", effect.amountBase)];
    case "unbonded":
      return [came(effect.account, "unbonded", effect.amountBase)];
    case "slashed":
      return [
        // What was bonded is gone; the free balance does not change.
        [effect.account, { ...entry, what: "slashed", amountBase: effect.amountBase }],
        came(effect.to, "evidence rewarded", effect.rewardBase),
      ];
    case "assigned":
      return [
        [effect.worker, { ...entry, what: "unit assigned to train" }],
        [effect.verifier, { ...entry, what: "unit assigned to verify" }],
      ];
    default:
      return [];
  }
}
