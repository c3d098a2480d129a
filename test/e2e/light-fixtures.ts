/** Answers to a light client from a practice world, all true; tests put lies among them. */

import { encode } from "../../src-main/codec/index.ts";
import { bytesToHex, hexToBytes } from "../../src-main/contract/bytes.ts";
import type { RowTable } from "../../src-main/contract/control-api/index.ts";
import { addressToText, leafHash, parseAddress, sha256 } from "../../src-main/crypto/index.ts";
import {
  ACCOUNTS,
  concernedBy,
  decodeStored,
  laneId,
  recordId,
  stateProofCodec,
} from "../../src-main/ledger/index.ts";
import type { LedgerRecord, RecordContext } from "../../src-main/ledger/index.ts";
import { lightUpdateCodec } from "../../src-main/ledger/light/index.ts";
import type { LightUpdate } from "../../src-main/ledger/light/index.ts";
import type { LightWorld } from "../worlds/light-world.ts";
import { must } from "../worlds/practice-world.ts";
import type { Answers } from "./mocked-daemon.ts";
import { Refused } from "./mocked-daemon.ts";

const ACCOUNT_TABLES = [
  "accounts",
  "workers",
  "keys",
  "unbondings",
  "anchors",
  "encryption-keys",
  "feeds",
] as const;

/** Bytes of an update as `ledger.light` answers them. */
export const updateHex = (update: LightUpdate): string =>
  bytesToHex(encode(lightUpdateCodec, update));

/** One bit of a text of hex digits changed. */
export function flipped(hex: string, at = hex.length - 1): string {
  const digit = (Number.parseInt(hex[at], 16) ^ 1).toString(16);
  return `${hex.slice(0, at)}${digit}${hex.slice(at + 1)}`;
}

/** What a true daemon answers about a world that no longer grows. */
export function lightAnswers(
  light: LightWorld,
  { job, unit }: { readonly job: Uint8Array; readonly unit: Uint8Array },
): Answers {
  const { world } = light;
  const newest = world.commits.length;
  const stored = world.commits.flatMap((commit) => commit.stored);
  const outcomes = world.commits.flatMap((commit) => commit.outcomes);
  const records = stored.map((bytes) => must(decodeStored(bytes)).record);
  const firstSlot = Number(world.commits[newest - 1].head.firstSlot);
  const named = { records, context: world.context, job, unit };
  const row = (table: RowTable, id: string) => {
    const claim = light.row({ name: table }, hexToBytes(id), newest);
    const bytes = claim.bytes === undefined ? null : bytesToHex(claim.bytes);
    return { table, id, bytes, proof: bytesToHex(encode(stateProofCodec, claim.proof)) };
  };
  const slotsOf = (address: Uint8Array): number[] =>
    records.flatMap((record, slot) => {
      const named = concernedBy(record, outcomes[slot]).map(addressToText);
      return slot < firstSlot && named.includes(addressToText(address)) ? [slot] : [];
    });
  return {
    "ledger.light": ({ from }) => {
      const at = Number(from);
      return { updates: at === newest ? [] : [updateHex(light.update(at, newest))], newest };
    },
    "ledger.light-start": () => ({ update: updateHex(light.update(newest, newest)) }),
    "ledger.slot": ({ slot }) => slotAnswer(light, Number(slot)),
    "ledger.rows": ({ rows, commit }) => ({
      commit,
      rows: (rows as { table: RowTable; id: string }[]).map(({ table, id }) => row(table, id)),
    }),
    "ledger.account": ({ address, commit }) => {
      const id = must(parseAddress(String(address)));
      const slots = slotsOf(id);
      const lanes = [0, 1].map((lane) => row("lanes", bytesToHex(laneId(id, lane))));
      return {
        address,
        commit,
        balanceBase: String(world.row(ACCOUNTS, id)?.balanceBase ?? 0n),
        bondedBase: "0",
        rows: [...ACCOUNT_TABLES.map((table) => row(table, bytesToHex(id))), ...lanes],
        feed: { count: slots.length, slots, whole: true },
      };
    },
    "ledger.find": ({ text }) => ({ found: findIn(String(text), named) }),
    "ledger.trail": () => ({
      job: bytesToHex(job),
      units: [bytesToHex(unit)],
      slots: records.map((_, slot) => slot).filter((slot) => slot < firstSlot),
      whole: true,
    }),
    "ledger.publications": () => ({ publications: [] }),
  };
}

/** What a text names in a world. */
function findIn(text: string, { records, context, job, unit }: Named): object[] {
  if (/^[0-9]+$/.test(text)) {
    const slot = Number(text);
    return slot < records.length ? [{ kind: "slot", item: text, slot }] : [];
  }
  if (text.startsWith("0x")) return [{ kind: "account", item: text, slot: null }];
  if (text === bytesToHex(job)) return [{ kind: "job", item: text, slot: 1 }];
  if (text === bytesToHex(unit)) return [{ kind: "unit", item: text, slot: null }];
  const slot = records.findIndex((one) => bytesToHex(recordId(one, context)) === text);
  return slot < 0 ? [] : [{ kind: "record", item: text, slot }];
}

interface Named {
  readonly records: readonly LedgerRecord[];
  readonly context: RecordContext;
  readonly job: Uint8Array;
  readonly unit: Uint8Array;
}

function slotAnswer(light: LightWorld, slot: number): object {
  const { world } = light;
  const newest = world.commits.length;
  const { firstSlot, size } = world.head;
  if (slot >= Number(size)) return new Refused("NODE_SLOT");
  const place = (at: number) => {
    const { bytes, proof } = light.record(at, newest);
    return { stored: bytesToHex(bytes), path: proof.map(bytesToHex) };
  };
  const outcome = slot < Number(firstSlot) ? light.outcome(slot, newest) : null;
  const held = world.commits.findLast(({ head }) => Number(head.firstSlot) <= slot);
  const heldAt = Number(held?.head.firstSlot);
  return {
    slot,
    leafHash: bytesToHex(leafHash(sha256, light.record(slot, newest).bytes)),
    ...place(slot),
    outcome: outcome && { bytes: bytesToHex(outcome.bytes), path: outcome.proof.map(bytesToHex) },
    heldBy: { slot: heldAt, ...place(heldAt) },
  };
}
