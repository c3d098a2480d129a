/**
 * Decides what is answered to those who hold no ledger: updates, claims of slots and of rows, each
 * against a commit that they name. They check all of it; nothing here is proof.
 */

import { decode, encode } from "../../codec/index.ts";
import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type {
  AccountViewAnswer,
  PageTrust,
  RowClaimAnswer,
  RowTable,
  SlotClaimAnswer,
} from "../../contract/control-api/index.ts";
import { FEED_SLOTS_MAX } from "../../contract/control-api/index.ts";
import { accept } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { parseAddress } from "../../crypto/index.ts";
import { ACCOUNTS, FEEDS, laneId, stateKey, stateProofCodec, WORKERS } from "../../ledger/index.ts";
import { feedSize, lightUpdateCodec } from "../../ledger/light/index.ts";
import type { Node } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";
import type { LedgerNeeds } from "./ledger-handlers.ts";
import { findText, trailOf } from "./light-finds.ts";

type LightMethods =
  | "ledger.light"
  | "ledger.light-start"
  | "ledger.slot"
  | "ledger.rows"
  | "ledger.account"
  | "ledger.find"
  | "ledger.trail";

/** What light clients are answered from. */
export type LightNeeds = Pick<LedgerNeeds, "hasher" | "node">;

/** Lanes shown of an account: what the daemon signs, and what its owner sends. */
const LANES_SHOWN = 2;

/** Tables that hold one row for each account, by its address. */
const ACCOUNT_TABLES = [
  "accounts",
  "workers",
  "keys",
  "unbondings",
  "anchors",
  "encryption-keys",
  "feeds",
] as const satisfies readonly RowTable[];

/** Handlers of those methods. */
export function lightHandlers(needs: LightNeeds): Pick<Handlers, LightMethods> {
  const { node } = needs;
  return {
    "ledger.light": ({ from }) => {
      const updates = node.light.updates(BigInt(from));
      if (!updates.ok) return Promise.resolve(updates);
      const bytes = updates.value.map((update) => bytesToHex(encode(lightUpdateCodec, update)));
      return Promise.resolve(accept({ updates: bytes, newest: Number(node.head().number) }));
    },
    "ledger.light-start": ({ commit }) => {
      const update = node.light.start(BigInt(commit));
      if (!update.ok) return Promise.resolve(update);
      return Promise.resolve(
        accept({ update: bytesToHex(encode(lightUpdateCodec, update.value)) }),
      );
    },
    "ledger.slot": ({ slot, commit }) => Promise.resolve(slotClaim(node, slot, commit)),
    "ledger.rows": ({ rows, commit }) => {
      const claims = rowClaims(needs, rows, commit);
      return Promise.resolve(claims.ok ? accept({ commit, rows: claims.value }) : claims);
    },
    "ledger.account": ({ address, commit }) =>
      Promise.resolve(accountView(needs, address, commit ?? Number(node.head().number))),
    "ledger.find": ({ text }) => Promise.resolve(accept({ found: findText(needs, text) })),
    "ledger.trail": ({ id }) => Promise.resolve(trailOf(needs, id)),
  };
}

/** The newest commit, for a session that is opened now; null before the first. */
export function pageTrust(node: Pick<Node, "head">): PageTrust | null {
  const { genesisHash, number, commitDigest, size, vectorRoot } = node.head();
  if (number === 0n) return null;
  return {
    genesis: bytesToHex(genesisHash),
    commit: Number(number),
    commitDigest: bytesToHex(commitDigest),
    vectorSize: Number(size),
    vectorRoot: bytesToHex(vectorRoot),
  };
}

function slotClaim(node: Node, slot: number, commit: number): Outcome<SlotClaimAnswer> {
  const claims = node.light.slot(BigInt(slot), BigInt(commit));
  if (!claims.ok) return claims;
  const { stored, leafHash, path, outcome, heldBy } = claims.value;
  return accept({
    slot,
    stored: hexOrNull(stored),
    leafHash: bytesToHex(leafHash),
    path: path.map(bytesToHex),
    outcome:
      outcome === undefined
        ? null
        : { bytes: bytesToHex(outcome.bytes), path: outcome.path.map(bytesToHex) },
    heldBy: {
      slot: Number(heldBy.slot),
      stored: hexOrNull(heldBy.stored),
      path: heldBy.path.map(bytesToHex),
    },
  });
}

function hexOrNull(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : bytesToHex(bytes);
}

interface RowAsked {
  readonly table: RowTable;
  readonly id: string;
}

function rowClaims(
  { node, hasher }: LightNeeds,
  rows: readonly RowAsked[],
  commit: number,
): Outcome<RowClaimAnswer[]> {
  const keys = rows.map(({ table, id }) => stateKey(hasher, table, hexToBytes(id)));
  const claims = node.light.rows(keys, BigInt(commit));
  if (!claims.ok) return claims;
  return accept(
    claims.value.map(({ bytes, proof }, at) => ({
      ...rows[at],
      bytes: hexOrNull(bytes),
      proof: bytesToHex(encode(stateProofCodec, proof)),
    })),
  );
}

function accountView(needs: LightNeeds, text: string, commit: number): Outcome<AccountViewAnswer> {
  const address = parseAddress(text);
  if (!address.ok) return address;
  const id = bytesToHex(address.value);
  const lanes = Array.from({ length: LANES_SHOWN }, (_, lane) => ({
    table: "lanes" as const,
    id: bytesToHex(laneId(address.value, lane)),
  }));
  const asked = [...ACCOUNT_TABLES.map((table) => ({ table, id })), ...lanes];
  const rows = rowClaims(needs, asked, commit);
  if (!rows.ok) return rows;
  const first = needs.node.light.firstSlot(BigInt(commit));
  if (!first.ok) return first;
  const bytesOf = (table: RowTable): Uint8Array | undefined => {
    const held = rows.value.find((row) => row.table === table)?.bytes ?? null;
    return held === null ? undefined : hexToBytes(held);
  };
  const account = read(ACCOUNTS, bytesOf("accounts"));
  const worker = read(WORKERS, bytesOf("workers"));
  const size = feedSize(needs.hasher, read(FEEDS, bytesOf("feeds")));
  if (!size.ok) return size;
  return accept({
    address: text,
    commit,
    balanceBase: String(account?.balanceBase ?? 0n),
    bondedBase: String(worker?.bondedBase ?? 0n),
    rows: rows.value,
    feed: feedOf(needs.node, address.value, first.value, size.value),
  });
}

function read<R>(
  table: { readonly codec: Parameters<typeof decode<R>>[0] },
  bytes: Uint8Array | undefined,
): R | undefined {
  const row = bytes === undefined ? undefined : decode(table.codec, bytes);
  return row?.ok === true ? row.value : undefined;
}

/** All slots of the feed below a slot; of a long feed the newest, as the history tells them. */
function feedOf(
  node: Node,
  address: Uint8Array,
  below: bigint,
  count: number,
): AccountViewAnswer["feed"] {
  if (count <= FEED_SLOTS_MAX) {
    const slots = node.lists.feed(address, FEED_SLOTS_MAX).filter((slot) => slot < below);
    return { count, slots: slots.map(Number), whole: true };
  }
  const newest = new Set(node.history(address, FEED_SLOTS_MAX).map(({ slot }) => Number(slot)));
  const slots = [...newest].filter((slot) => slot < Number(below)).sort((a, b) => a - b);
  return { count, slots, whole: false };
}
