/** Decides how records and effects are written for people: the formats' names, values as text. */

import type { LedgerRecord as ContractRecord } from "../../contract/control-api/index.ts";
import { bytesToHex } from "../../contract/bytes.ts";
import { exactViv, shortHex } from "../../contract/units.ts";
import { addressToText } from "../../crypto/index.ts";
import type { Effect, LedgerRecord } from "../../ledger/index.ts";

/** An effect as one line; ids shortened, amounts exact. */
export function effectText(effect: Effect): string {
  switch (effect.kind) {
    case "job-started":
      return `job ${shortId(effect.job)} started`;
    case "assigned":
      return (
        `unit ${shortId(effect.unit)} of job ${shortId(effect.job)} assigned to worker ` +
        `${addressToText(effect.worker)} and verifier ${addressToText(effect.verifier)}`
      );
    case "challenged":
      return `segments of unit ${shortId(effect.unit)} drawn`;
    case "accepted":
      return `unit ${shortId(effect.unit)} accepted`;
    case "paid": {
      const source = effect.minted ? "minted" : "from escrow";
      const to = addressToText(effect.to);
      const amount = `${exactViv(effect.amountBase)} VIV`;
      return `unit ${shortId(effect.unit)}: ${amount} paid to ${to} (${effect.share}, ${source})`;
    }
    case "disputed":
      return `unit ${shortId(effect.unit)} disputed: ${effect.code}`;
    case "voided":
      return `unit ${shortId(effect.unit)} ended without pay: ${effect.code}`;
    case "refunded":
      return `${exactViv(effect.amountBase)} VIV of job ${shortId(effect.job)} refunded`;
    case "published":
      return effect.collection === "" ? "published" : `published in ${effect.collection}`;
    case "retracted":
      return `the publication in slot ${effect.publication} was taken back`;
    case "closed": {
      const to = addressToText(effect.to);
      const amount = `${exactViv(effect.amountBase)} VIV`;
      return `job ${shortId(effect.job)} left the state; its deposit of ${amount} went to ${to}`;
    }
    case "unbonded":
      return (
        `${exactViv(effect.amountBase)} VIV of a bond paid to ` + addressToText(effect.account)
      );
    case "slashed": {
      const taken = `${exactViv(effect.amountBase)} VIV`;
      const reward = `${exactViv(effect.rewardBase)} VIV`;
      return (
        `${taken} taken from the bond of ${addressToText(effect.account)}, ` +
        `${reward} of it to ${addressToText(effect.to)} who reported it`
      );
    }
  }
}

/** A record's payload as names and texts. */
export function payloadFields(record: LedgerRecord): ContractRecord["fields"] {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(record.payload)) {
    if (name !== "kind") fields[name] = fieldText(value);
  }
  return fields;
}

function shortId(id: Uint8Array): string {
  return shortHex(bytesToHex(id));
}

function fieldText(value: unknown): string {
  if (value instanceof Uint8Array) {
    return value.length === 20 ? addressToText(value) : bytesToHex(value);
  }
  if (Array.isArray(value)) return value.map(fieldText).join(" ");
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => `${name}=${fieldText(part)}`);
    return `{${parts.join(",")}}`;
  }
  return String(value);
}
