/**
 * Decides what is told of prices, readers and publications, and that any signed record is passed
 * on: the signature is the ledger's to judge.
 */

import { bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import type {
  AccountKeys,
  Prices,
  Publication,
  ReaderAnswer,
  Sent,
} from "../../contract/control-api/index.ts";
import { accept, invariant } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import {
  ANCHORS,
  decodeStored,
  ENCRYPTION_KEYS,
  grantId,
  GRANTS,
  publicationId,
  PUBLICATIONS,
  SUBJECTS,
} from "../../ledger/index.ts";
import type { LedgerRecord } from "../../ledger/index.ts";
import type { Node, StateReader } from "../../node/index.ts";
import type { Handlers } from "../handlers.ts";

/** Grants of one reader and subject that are told: one for each key epoch it was given. */
const GRANTS_MAX = 64;

type AccountMethods =
  | "ledger.prices"
  | "ledger.submit"
  | "ledger.reader"
  | "ledger.account-keys"
  | "ledger.publications"
  | "ledger.publication";

/** Handlers of those methods. */
export function accountHandlers({ node }: { readonly node: Node }): Pick<Handlers, AccountMethods> {
  return {
    "ledger.prices": () => Promise.resolve(accept(pricesNow(node))),
    "ledger.submit": ({ record }) => submitRecord(node, hexToBytes(record)),
    "ledger.reader": ({ subject, to }) => Promise.resolve(readerOf(node, hexToBytes(subject), to)),
    "ledger.account-keys": ({ address }) => Promise.resolve(accountKeys(node, address)),
    "ledger.publications": ({ limit }) => {
      const state = newest(node);
      const publications = node.lists.publications(limit).flatMap((id) => {
        const slot = node.slotOf(id);
        const shown = slot === undefined ? undefined : publicationIn(node, state, slot);
        return shown ?? [];
      });
      return Promise.resolve(accept({ publications }));
    },
    "ledger.publication": ({ slot }) =>
      Promise.resolve(
        accept({ publication: publicationIn(node, newest(node), BigInt(slot)) ?? null }),
      ),
  };
}

function newest(node: Node): StateReader {
  const state = node.stateAt(node.head().number);
  invariant(state.ok, "the newest state is held");
  return state.value;
}

function pricesNow(node: Node): Prices {
  const prices = node.prices();
  return {
    multiplier: String(prices.multiplier),
    feePerRecordBase: String(prices.feePerRecordBase),
    feePerByteBase: String(prices.feePerByteBase),
    feePerEmbeddingByteBase: String(prices.feePerEmbeddingByteBase),
    feePerStateByteBase: String(prices.feePerStateByteBase),
    depositPerByteBase: String(prices.depositPerByteBase),
  };
}

/** Waits until the record is final. @rejects NODE_*, LEDGER_* of admission, CODEC_* */
export async function submitRecord(node: Node, stored: Uint8Array): Promise<Outcome<Sent>> {
  const sealed = await node.submit(stored);
  if (!sealed.ok) return sealed;
  const { slot, id, outcome } = sealed.value;
  const { code, feeBase } = outcome;
  return accept({
    slot: Number(slot),
    recordId: bytesToHex(id),
    code,
    feeBase: String(feeBase),
  });
}

function readerOf(node: Node, subject: Uint8Array, to: string): Outcome<ReaderAnswer> {
  const reader = parseAddress(to);
  if (!reader.ok) return reader;
  const state = newest(node);
  const row = state.row(SUBJECTS, subject);
  const grants = node.lists.grants(subject, reader.value, GRANTS_MAX).flatMap((id) => {
    const slot = node.slotOf(id);
    const record = slot === undefined ? undefined : recordIn(node, slot);
    if (slot === undefined || record?.payload.kind !== "grant") return [];
    const { keyEpoch, wrapped } = record.payload;
    return { slot: Number(slot), keyEpoch, wrapped: bytesToHex(wrapped) };
  });
  return accept({
    owner: row === undefined ? null : addressToText(row.owner),
    keyEpoch: row?.keyEpoch ?? null,
    granted: state.row(GRANTS, grantId(subject, reader.value)) !== undefined,
    grants,
  });
}

function accountKeys(node: Node, text: string): Outcome<AccountKeys> {
  const address = parseAddress(text);
  if (!address.ok) return address;
  const state = newest(node);
  const key = state.row(ENCRYPTION_KEYS, address.value)?.key;
  const anchor = state.row(ANCHORS, address.value);
  return accept({
    encryptionKey: key === undefined ? null : bytesToHex(key),
    anchor:
      anchor === undefined
        ? null
        : {
            day: anchor.day,
            root: bytesToHex(anchor.root),
            rows: anchor.rows,
            slot: Number(anchor.slot),
          },
  });
}

/** A publication that was applied, whether it stands or not; undefined for any other slot. */
export function publicationIn(
  node: Node,
  state: StateReader,
  slot: bigint,
): Publication | undefined {
  const record = recordIn(node, slot);
  const outcome = node.outcome(slot);
  if (record?.payload.kind !== "publish" || !outcome.ok || outcome.value.code !== "") {
    return undefined;
  }
  const { payload } = record;
  return {
    slot: Number(slot),
    publisher: addressToText(record.account),
    what: payload.what,
    name: payload.name,
    content: bytesToHex(payload.content),
    about: payload.about,
    tags: [...payload.tags],
    collection: payload.collection,
    dimension: payload.embedding.length,
    stands: state.row(PUBLICATIONS, publicationId(slot)) !== undefined,
  };
}

function recordIn(node: Node, slot: bigint): LedgerRecord | undefined {
  const stored = node.record(slot);
  const read = stored.ok ? decodeStored(stored.value) : stored;
  return read.ok ? read.value.record : undefined;
}
