/**
 * Decides what a text names, and which slots tell a job's story: answers of the local index, which
 * lead a reader to what is then checked.
 */

import { bytesEqual, bytesToHex, hexToBytes } from "../../contract/bytes.ts";
import { FEED_SLOTS_MAX } from "../../contract/control-api/index.ts";
import type { Found, Trail } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { addressToText, parseAddress } from "../../crypto/index.ts";
import { CERTIFICATES, decodeStored } from "../../ledger/index.ts";
import type { Effect, LedgerRecord, RecordOutcome } from "../../ledger/index.ts";
import type { JobView, Node, UnitView } from "../../node/index.ts";

/** What is looked through. */
interface Finder {
  readonly node: Node;
}

/** Publications looked through for a content digest, newest first. */
const PUBLICATIONS_MAX = 1_000;

/** Slots looked through after each of a story, and in all: what one answer may cost. */
const GAP_SLOTS_MAX = 64;
const NEAR_SLOTS_MAX = 2_048;

/** Units of one job that are told: it has one round and one shard for now. */
const UNITS_MAX = 16;

/** What a text names, the likeliest first; nothing for what names nothing here. */
export function findText({ node }: Finder, text: string): Found[] {
  const word = text.trim();
  const slot = /^(?:slot\s*)?([0-9][0-9\s,._]{0,20})$/i.exec(word)?.[1];
  if (slot !== undefined) return slotFound(node, Number(slot.replaceAll(/\D/g, "")));
  const commit = /^commit\s*([0-9]{1,15})$/i.exec(word)?.[1];
  if (commit !== undefined) {
    const first = node.light.firstSlot(BigInt(commit));
    return first.ok ? slotFound(node, Number(first.value)) : [];
  }
  const address = parseAddress(word);
  if (address.ok) return [{ kind: "account", item: addressToText(address.value), slot: null }];
  const digest = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(word)?.[1]?.toLowerCase();
  return digest === undefined ? [] : digestFound(node, digest);
}

function slotFound(node: Node, slot: number): Found[] {
  if (slot >= Number(node.head().size)) return [];
  return [{ kind: "slot", item: String(slot), slot }];
}

function digestFound(node: Node, digest: string): Found[] {
  const id = hexToBytes(digest);
  const found: Found[] = [];
  const slot = node.slotOf(id);
  const place = slot === undefined ? null : Number(slot);
  if (node.job(id) !== undefined) found.push({ kind: "job", item: digest, slot: place });
  if (node.unit(id) !== undefined) found.push({ kind: "unit", item: digest, slot: null });
  if (place !== null) found.push({ kind: "record", item: digest, slot: place });
  for (const published of node.lists.publications(PUBLICATIONS_MAX)) {
    if (found.length >= 4) break;
    const at = node.slotOf(published);
    const payload = at === undefined ? undefined : recordAt(node, at)?.payload;
    if (at === undefined || payload?.kind !== "publish") continue;
    if (!bytesEqual(payload.content, id)) continue;
    found.push({ kind: "publication", item: String(at), slot: Number(at) });
  }
  const claim = claimedIn(node, id);
  if (claim !== undefined) found.push({ kind: "certificate", item: digest, slot: claim });
  if (bytesEqual(node.genesisHash(), id)) found.push({ kind: "genesis", item: digest, slot: null });
  return found;
}

/** The slot of the record that claimed a certificate, by its digest. */
function claimedIn(node: Node, digest: Uint8Array): number | undefined {
  const state = node.stateAt(node.head().number);
  const row = state.ok ? state.value.row(CERTIFICATES, digest) : undefined;
  return row === undefined ? undefined : Number(row.slot);
}

/**
 * The slots that name a job or one of its units, by the id of either, found in the feeds of those
 * who took part.
 * @rejects PROCESSES_JOB
 */
export function trailOf({ node }: Finder, text: string): Outcome<Trail> {
  const asked = hexToBytes(text);
  const id = node.unit(asked)?.job ?? asked;
  const job = node.job(id);
  const created = node.slotOf(id);
  if (job === undefined || created === undefined) return reject("PROCESSES_JOB", { job: text });
  const units = node.unitsOf(id, UNITS_MAX);
  const looked = new Set<bigint>([created]);
  let whole = true;
  for (const address of takingPart(job, units)) {
    const slots = node.lists.feedFrom(address, created, FEED_SLOTS_MAX);
    whole &&= slots.length < FEED_SLOTS_MAX;
    for (const slot of slots) looked.add(slot);
  }
  const ids = [id, ...units.map((unit) => unit.id)];
  const own = new Set(ids.map((one) => node.slotOf(one)));
  const tells = (slot: bigint) => own.has(slot) || names(node, slot, ids);
  const told = [...looked].filter(tells).map(Number);
  const between = betweenThose(told.sort((a, b) => a - b)).filter((slot) => tells(BigInt(slot)));
  const slots = [...told, ...between].sort((a, b) => a - b).slice(0, FEED_SLOTS_MAX);
  return accept({
    job: bytesToHex(id),
    units: units.map((unit) => bytesToHex(unit.id)),
    slots,
    whole,
  });
}

/**
 * Slots near those of a story that are in nobody's feed: a commit that draws or voids a unit names
 * no account.
 */
function betweenThose(told: readonly number[]): number[] {
  const near: number[] = [];
  for (const [at, slot] of told.entries()) {
    const end = Math.min(told[at + 1] ?? slot + GAP_SLOTS_MAX, slot + GAP_SLOTS_MAX);
    for (let next = slot + 1; next < end && near.length < NEAR_SLOTS_MAX; next += 1)
      near.push(next);
  }
  return near;
}

function takingPart(job: JobView, units: readonly UnitView[]): Uint8Array[] {
  const all = [job.owner, ...units.flatMap(({ worker, verifier }) => [worker, verifier])];
  return all.filter((one, at) => all.findIndex((other) => bytesEqual(other, one)) === at);
}

/** Whether the record of a slot or its effects name one of them. */
function names(node: Node, slot: bigint, ids: readonly Uint8Array[]): boolean {
  const isOne = (bytes: unknown): boolean =>
    bytes instanceof Uint8Array && ids.some((id) => bytesEqual(id, bytes));
  const record = recordAt(node, slot);
  if (record !== undefined && Object.values(record.payload).some(isOne)) return true;
  return effectsAt(node, slot).some((effect) => Object.values(effect).some(isOne));
}

function recordAt(node: Node, slot: bigint): LedgerRecord | undefined {
  const stored = node.record(slot);
  const read = stored.ok ? decodeStored(stored.value) : stored;
  return read.ok ? read.value.record : undefined;
}

function effectsAt(node: Node, slot: bigint): readonly Effect[] {
  const outcome: Outcome<RecordOutcome> = node.outcome(slot);
  return outcome.ok ? outcome.value.effects : [];
}
