/**
 * Decides how a snapshot is made from a store and how a store begins with one. A snapshot is of
 * the newest commit whose roots a later one names, which is the last but one; that later commit
 * goes with it, so a restored validator never has to sign it again.
 */

import { decode, encode } from "../codec/index.ts";
import { bytesEqual, compareBytes } from "../contract/bytes.ts";
import { accept, Fault, invariant, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";
import { DIGEST_BYTES } from "../crypto/index.ts";
import {
  certificateCodec,
  checkSnapshot,
  decodeSnapshot,
  ed25519Scheme,
  edgePlaces,
  encodeSnapshot,
  executeCommit,
  genesisState,
  headCodec,
  readHead,
  SNAPSHOT_VERSION,
  statementOf,
  statementsEqual,
} from "../ledger/index.ts";
import type {
  Certificate,
  CheckedSnapshot,
  ExecutedCommit,
  Genesis,
  Snapshot,
} from "../ledger/index.ts";
import type { LedgerReader, LedgerStore, TreeName, TreeTile } from "../ports/ledger-store.ts";
import { Chain, executeNeedsOf } from "./chain.ts";
import { tilesOfStore } from "./tree-tiles.ts";
import type { MadeSnapshot, NodeNeeds } from "./types.ts";

/** First byte of the keys of rows and of index pages; all other pages follow from the rows. */
const ROW = 0xff;
const INDEX = 0xfd;

const NOTHING = new Uint8Array(0);

/** Slots up to and with the commit a snapshot would be of now. @rejects SNAPSHOT_EARLY */
export function snapshotSlots(store: LedgerReader): Outcome<number> {
  const newest = store.commits();
  const naming = store.commit(newest);
  const isHeld = store.commit(newest - 1) !== undefined && store.oldestState() < newest;
  if (naming !== undefined && isHeld) return accept(naming.firstSlot);
  return reject("SNAPSHOT_EARLY", { commits: newest, oldestState: store.oldestState() });
}

/**
 * Makes a snapshot of the newest commit that has one.
 * @cost    reads the whole state
 * @rejects SNAPSHOT_EARLY
 */
export function makeSnapshot(
  store: LedgerReader,
  genesis: Genesis,
  crypto: Pick<NodeNeeds["crypto"], "hasher">,
): Outcome<MadeSnapshot> {
  const due = snapshotSlots(store);
  if (!due.ok) return due;
  const slots = due.value;
  const newest = store.commits();
  const number = newest - 1;
  const commit = store.commit(number);
  const naming = store.commit(newest);
  invariant(commit !== undefined && naming !== undefined, "both commits are held");
  const rows: { key: Uint8Array; value: Uint8Array }[] = [];
  const indexPages: { key: Uint8Array; bytes: Uint8Array }[] = [];
  for (const { key, bytes } of store.pagesAt(number)) {
    if (key[0] === ROW) rows.push({ key: key.slice(1), value: bytes });
    else if (key[0] === INDEX) indexPages.push({ key, bytes });
  }
  const snapshot: Snapshot = {
    version: SNAPSHOT_VERSION,
    genesis,
    commit: store.record(commit.firstSlot),
    certificate: certificateOf(commit.certificate, number),
    naming: Array.from({ length: store.size() - slots }, (_, at) => store.record(slots + at)),
    namingCertificate: certificateOf(naming.certificate, newest),
    vectorEdges: edgesOf(store, crypto, "vector", slots),
    outcomeEdges: edgesOf(store, crypto, "outcome", slots),
    rows: rows.sort((left, right) => compareBytes(left.key, right.key)),
    indexPages: indexPages.sort((left, right) => compareBytes(left.key, right.key)),
  };
  return accept({ commit: number, slots, bytes: encodeSnapshot(crypto.hasher, snapshot) });
}

function edgesOf(
  store: LedgerReader,
  { hasher }: Pick<NodeNeeds["crypto"], "hasher">,
  tree: TreeName,
  size: number,
): Uint8Array[] {
  const read = tilesOfStore(hasher, store);
  return edgePlaces(size).map(({ level, index, width }) =>
    width === 0 ? new Uint8Array(0) : read(tree, level, index).slice(0, width * DIGEST_BYTES),
  );
}

function certificateOf(bytes: Uint8Array, commit: number): Certificate {
  const certificate = decode(certificateCodec, bytes);
  if (certificate.ok) return certificate.value;
  throw new Fault("STORE_DAMAGED", `the certificate of commit ${commit} is malformed`, { commit });
}

/**
 * Checks the bytes of a snapshot against a network.
 * @rejects SNAPSHOT_*, LEDGER_CERTIFICATE_*
 */
export function readSnapshot(
  file: Uint8Array,
  genesisHash: Uint8Array,
  crypto: NodeNeeds["crypto"],
): Outcome<CheckedSnapshot> {
  const snapshot = decodeSnapshot(crypto.hasher, file);
  if (!snapshot.ok) return snapshot;
  const scheme = ed25519Scheme(crypto.verifyEd25519);
  return checkSnapshot(snapshot.value, { ...crypto, genesisHash, scheme });
}

/** What a restored folder holds. */
export interface Restored {
  readonly commit: number;
  readonly slots: number;
}

/**
 * Makes a store begin with a snapshot, and adds the commit that names it. Everything is checked
 * before anything is written; a restoring that was cut off goes on with the same snapshot.
 * @rejects SNAPSHOT_*, LEDGER_CERTIFICATE_*, NODE_RESTORE where the store holds a ledger
 */
export async function restoreSnapshot(
  store: LedgerStore,
  file: Uint8Array,
  genesisHash: Uint8Array,
  crypto: NodeNeeds["crypto"],
): Promise<Outcome<Restored>> {
  const read = readSnapshot(file, genesisHash, crypto);
  if (!read.ok) return read;
  const { genesis, head, pages, namingCertificate } = read.value;
  const naming = executeNaming(read.value, crypto);
  if (naming === undefined) return reject("SNAPSHOT_COMMIT", { what: "its execution" });
  const begins = encode(headCodec, head);
  const held = store.head();
  if (held === undefined) {
    const commits = Number(head.number);
    const tiles: TreeTile[] = [
      ...read.value.vectorEdges.map((edge) => ({ tree: "vector" as const, ...edge })),
      ...read.value.outcomeEdges.map((edge) => ({ tree: "outcome" as const, ...edge })),
    ];
    await store.begin(begins, pages, { slots: Number(head.size), commits, tiles, snapshot: file });
  } else if (!bytesEqual(held, begins)) return reject("NODE_RESTORE", { slots: store.size() });
  const chain = await Chain.open(genesis, { store, crypto });
  await chain.append(naming, namingCertificate);
  return accept({ commit: store.commits(), slots: store.size() });
}

/**
 * Finishes a restoring that was cut off: its snapshot is kept, and the state or the commit that
 * names it is not. A store that went on from there would sign that commit a second time, and one
 * without a state would begin a second history.
 * @returns  whether there was one to finish
 * Throws Fault STORE_DAMAGED where the snapshot that was kept is not sound.
 */
export async function finishRestoring(
  store: LedgerStore,
  genesis: Genesis,
  crypto: NodeNeeds["crypto"],
): Promise<boolean> {
  const begun = store.head() !== undefined;
  const { commits } = store.floors();
  if (begun && (commits === 0 || store.commits() > commits)) return false;
  const kept = store.snapshot();
  if (kept === undefined && !begun) return false;
  const { head } = genesisState(genesis, crypto);
  const restored = await restoreSnapshot(store, kept ?? NOTHING, head.genesisHash, crypto);
  if (restored.ok) return true;
  const { code } = restored.rejection;
  throw new Fault("STORE_DAMAGED", `the snapshot to restore from: ${code}`, { rule: code });
}

/** Commit k+1 executed on the snapshot; undefined where it is not what its certificate signs. */
function executeNaming(
  { genesis, head, pages, naming, namingCertificate }: CheckedSnapshot,
  crypto: NodeNeeds["crypto"],
): ExecutedCommit | undefined {
  const held = new Map(pages.map(({ key, bytes }) => [textOf(key), bytes]));
  const readPage = (key: Uint8Array): Uint8Array | undefined => held.get(textOf(key));
  const needs = executeNeedsOf(crypto, head.genesisHash);
  const [first, ...records] = naming;
  invariant(first !== undefined, "a checked snapshot holds the naming commit");
  const executed = executeCommit({ genesis, head, readPage }, first, records, needs);
  if (!executed.ok) return undefined;
  const due = statementOf("finalize", executed.value.head, head.view);
  const isSigned = statementsEqual(namingCertificate.statement, due);
  return isSigned ? executed.value : undefined;
}

/** Bytes as text of as many characters, for the keys of a Map. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The newest head a store holds. Throws Fault STORE_DAMAGED. */
export function headOf(store: LedgerReader) {
  const stored = store.head();
  const head = stored === undefined ? undefined : readHead(stored);
  if (head?.ok === true) return head.value;
  throw new Fault("STORE_DAMAGED", "the stored head is malformed");
}
