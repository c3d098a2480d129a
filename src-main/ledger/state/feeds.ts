/**
 * Decides whose feed a slot belongs to, and how feeds grow: every account has an RFC 9162 tree over
 * the slots that concern it, kept by the state transition, so that a light client can be shown all
 * of an account's records and that none is left out (ARCHITECTURE.md section 17, "Feeds").
 */

import { bytesEqual, bytesToKey } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { leafHashes, MerkleFrontier } from "../../crypto/index.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { Effect } from "../outcomes/effects.ts";
import type { RecordOutcome } from "../outcomes/outcome.ts";
import type { LedgerRecord, Payload } from "../records/payloads.ts";
import type { StateOverlay } from "./overlay.ts";
import { FEEDS } from "./rows-published.ts";

/** Leaf of a feed: the u64 slot, little-endian. */
export function feedLeaf(slot: bigint): Uint8Array {
  const leaf = new Uint8Array(8);
  new DataView(leaf.buffer).setBigUint64(0, slot, true);
  return leaf;
}

/**
 * The accounts a slot concerns, each once, in order of appearance: who signed it, whom an applied
 * record names, whom its effects name. The account of a commit record, its proposer, is left out.
 */
export function concernedBy(record: LedgerRecord, outcome: RecordOutcome): Uint8Array[] {
  const named = record.payload.kind === "commit" ? [] : [record.account];
  if (outcome.code === "") named.push(...namedInPayload(record.payload));
  for (const effect of outcome.effects) named.push(...namedInEffect(effect));
  // Two accounts are the rule; a set pays only where a record names many.
  const known = named.length > 4 ? new Set<string>() : undefined;
  return named.filter((address, at) => {
    if (address.every((byte) => byte === 0)) return false;
    if (known === undefined) {
      return !named.slice(0, at).some((earlier) => bytesEqual(earlier, address));
    }
    const size = known.size;
    return known.add(bytesToKey(address)).size > size;
  });
}

function namedInPayload(payload: Payload): readonly Uint8Array[] {
  switch (payload.kind) {
    case "transfer":
    case "memo":
    case "grant":
    case "revoke":
      return [payload.to];
    case "multi-transfer":
      return payload.transfers.map(({ to }) => to);
    default:
      return [];
  }
}

function namedInEffect(effect: Effect): readonly Uint8Array[] {
  const { kind } = effect;
  if (kind === "paid" || kind === "refunded" || kind === "closed") return [effect.to];
  if (kind === "unbonded") return [effect.account];
  if (kind === "slashed") return [effect.account, effect.to];
  if (effect.kind === "assigned") return [effect.worker, effect.verifier];
  return [];
}

/** A slot and what stands in it. */
export interface FeedSlot {
  readonly slot: bigint;
  readonly record: LedgerRecord;
  readonly outcome: RecordOutcome;
}

/**
 * Appends the slots of a commit, ascending, to the feeds they concern.
 * @cost  one row for each concerned account, one hash or two for each slot in its feed
 */
export function growFeeds(overlay: StateOverlay, hasher: Hasher, slots: readonly FeedSlot[]): void {
  const feeds = new Map<string, { address: Uint8Array; slots: bigint[] }>();
  for (const { slot, record, outcome } of slots) {
    for (const address of concernedBy(record, outcome)) {
      const text = bytesToKey(address);
      const held = feeds.get(text);
      if (held === undefined) feeds.set(text, { address, slots: [slot] });
      else held.slots.push(slot);
    }
  }
  for (const { address, slots: grown } of feeds.values()) {
    const frontier = feedFrontier(overlay, hasher, address);
    frontier.appendAll(leafHashes(hasher, grown.map(feedLeaf)));
    overlay.write(FEEDS, address, { edge: frontier.serialise() });
  }
}

/** The right edge of an account's feed; empty for one that nothing concerned yet. */
export function feedFrontier(
  overlay: StateOverlay,
  hasher: Hasher,
  address: Uint8Array,
): MerkleFrontier {
  const row = overlay.read(FEEDS, address);
  if (row === undefined) return new MerkleFrontier(hasher);
  const frontier = MerkleFrontier.restore(hasher, row.edge);
  invariant(frontier.ok, "a feed's row holds its right edge");
  return frontier.value;
}
