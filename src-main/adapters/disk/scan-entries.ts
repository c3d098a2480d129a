/**
 * Decides what can still be read of a ledger's entry files without their database: every entry
 * whose checksum fits its slot. Where a file begins is found from the commits in it, which name
 * their own slots; after a damage the next whole entry is looked for.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { decodeStored } from "../../ledger/index.ts";
import { ENTRY_FILE_START, ENTRY_PREFIX_BYTES, entryFits } from "./entry-file.ts";
import { machineFiles } from "./file-layer.ts";
import { ENTRY_BYTES_MAX } from "./limits.ts";
import { onDisk } from "./store-faults.ts";

/** Slots that one damage may take with it; further on the next commit is looked for. */
const LOST_MAX = 16;

/** Entries tried as the first commit of a file, so that a file of rubbish ends soon. */
const COMMIT_TRIES = 1_048_576;

/** What entry files still hold. */
export interface ScannedEntries {
  /** One slot after the last that is held; 0 for none. */
  readonly end: number;
  /** First slot below `end` that is not held; `end` where all are. */
  readonly firstGap: (from: number) => number;
  /** Stored bytes of a slot; undefined where they are lost. */
  record(slot: number): Uint8Array | undefined;
}

/** Reads every entry file of a ledger's folder. Throws Fault STORE_* of the disk. */
export function scanEntries(folder: string): ScannedEntries {
  const held = new Map<number, Uint8Array>();
  const names = onDisk(folder, () => readdirSync(folder)).filter((name) =>
    /^entries(-\d+)?$/.test(name),
  );
  const numberOf = (name: string): number => Number(name.slice("entries-".length));
  for (const name of names.sort((left, right) => numberOf(left) - numberOf(right))) {
    const path = join(folder, name);
    const bytes = onDisk(path, () => machineFiles.readWhole(path));
    if (bytes !== undefined) scanFile(bytes, held);
  }
  let end = 0;
  for (const slot of held.keys()) if (slot >= end) end = slot + 1;
  return {
    end,
    firstGap(from) {
      let slot = from;
      while (slot < end && held.has(slot)) slot += 1;
      return slot;
    },
    record: (slot) => held.get(slot),
  };
}

function scanFile(bytes: Uint8Array, held: Map<number, Uint8Array>): void {
  let at = ENTRY_FILE_START;
  let slot: number | undefined;
  while (at < bytes.length) {
    const found = slot === undefined ? firstEntry(bytes, at) : nextEntry(bytes, at, slot);
    if (found === undefined) {
      // The row is lost; the next commit says again where it is.
      if (slot === undefined) return;
      slot = undefined;
      continue;
    }
    held.set(found.slot, bytes.slice(found.at + ENTRY_PREFIX_BYTES, found.end));
    at = found.end;
    slot = found.slot + 1;
  }
}

interface Found {
  readonly slot: number;
  readonly at: number;
  readonly end: number;
}

/** The entry at or after a place that holds one of the next slots. */
function nextEntry(bytes: Uint8Array, from: number, slot: number): Found | undefined {
  const most = Math.min(bytes.length, from + LOST_MAX * 4_096);
  for (let at = from; at < most; at += 1) {
    const end = endAt(bytes, at);
    if (end === undefined) continue;
    for (let each = slot; each < slot + (at === from ? 1 : LOST_MAX); each += 1) {
      if (entryFits(bytes, at, each)) return { slot: each, at, end };
    }
  }
  return undefined;
}

/** The first entry from a place on whose slot is known: entries are counted back from a commit. */
function firstEntry(bytes: Uint8Array, from: number): Found | undefined {
  for (let start = from; start < bytes.length; start += 1) {
    let at = start;
    let end = endAt(bytes, at);
    for (let count = 0; end !== undefined && count < COMMIT_TRIES; count += 1) {
      const slot = slotOfCommit(bytes.subarray(at + ENTRY_PREFIX_BYTES, end));
      if (slot !== undefined && entryFits(bytes, at, slot)) {
        const first = slot - count;
        const firstEnd = endAt(bytes, start);
        const fits = firstEnd !== undefined && first >= 0 && entryFits(bytes, start, first);
        return fits ? { slot: first, at: start, end: firstEnd } : { slot, at, end };
      }
      at = end;
      end = endAt(bytes, at);
    }
  }
  return undefined;
}

function slotOfCommit(record: Uint8Array): number | undefined {
  const stored = decodeStored(record);
  if (!stored.ok || stored.value.record.payload.kind !== "commit") return undefined;
  return Number(stored.value.record.payload.firstSlot);
}

/** Where an entry that begins there would end; undefined where none can. */
function endAt(bytes: Uint8Array, at: number): number | undefined {
  if (at + ENTRY_PREFIX_BYTES >= bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(at, true);
  const end = at + ENTRY_PREFIX_BYTES + length;
  return length > 0 && length <= ENTRY_BYTES_MAX && end <= bytes.length ? end : undefined;
}
