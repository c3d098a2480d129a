import { beforeAll, describe, expect, it } from "vitest";
import { decode, encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  committedSearch,
  entryCodec,
  searchProof,
  searchProofCodec,
  verifySearch,
} from "../../../../src-main/ledger/index/index.ts";
import type { IndexEntry, SearchProof } from "../../../../src-main/ledger/index/index.ts";
import { addition, IndexWorld, searchFor } from "../../../worlds/index-world.ts";
import { codeOf, must } from "../../../worlds/practice-world.ts";

type Found = NonNullable<SearchProof["found"]>;
type Fault = (found: Found) => Partial<Found>;

const world = new IndexWorld();
const request = searchFor([10, -20, 30], { k: 5, probes: 4 });
const view = { hasher: sha256, readPage: world.readPage };

/** The list of the proof that holds a tombstone and its target, and the others. */
const buriedIn = ({ lists }: Found) =>
  lists.findIndex(({ entries }) => entries.some((bytes) => entryOf(bytes).retracts !== undefined));
const entryOf = (bytes: Uint8Array): IndexEntry => must(decode(entryCodec, bytes));

/** The proof with the entries of one list changed. */
const withEntries =
  (change: (entries: readonly Uint8Array[]) => readonly Uint8Array[], tombstones = false): Fault =>
  (found) => {
    const buried = buriedIn(found);
    const at = tombstones ? buried : found.lists.findIndex((_, index) => index !== buried);
    const lists = [...found.lists];
    lists[at] = { ...lists[at], entries: change(lists[at].entries) };
    return { lists };
  };

const isTombstone = (bytes: Uint8Array) => entryOf(bytes).retracts !== undefined;
const altered = (bytes: Uint8Array, change: Partial<IndexEntry>) =>
  encode(entryCodec, { ...entryOf(bytes), ...change });

/** Every way to lie, and the code that names it. */
const FAULTS: readonly (readonly [string, string, Fault])[] = [
  ["leaves an entry out", "LEDGER_SEARCH_ENTRY_MISSING", withEntries((all) => all.slice(1))],
  [
    "leaves the last entry out",
    "LEDGER_SEARCH_ENTRY_MISSING",
    withEntries((all) => all.slice(0, -1)),
  ],
  [
    "alters an embedding",
    "LEDGER_SEARCH_ENTRY_ALTERED",
    withEntries(([first, ...rest]) => [
      altered(first, { embedding: Uint8Array.of(10, 236, 30) }),
      ...rest,
    ]),
  ],
  [
    "alters a tag",
    "LEDGER_SEARCH_ENTRY_ALTERED",
    withEntries(([first, ...rest]) => [altered(first, { tags: [7] }), ...rest]),
  ],
  [
    "adds an entry",
    "LEDGER_SEARCH_ENTRY_ADDED",
    withEntries((all) => [...all, altered(all[0], { slot: 1n << 40n })]),
  ],
  ["holds an entry twice", "LEDGER_SEARCH_ENTRY_ORDER", withEntries((all) => [all[0], ...all])],
  [
    "swaps two entries",
    "LEDGER_SEARCH_ENTRY_ORDER",
    withEntries(([first, second, ...rest]) => [second, first, ...rest]),
  ],
  [
    "hides a tombstone",
    "LEDGER_SEARCH_TOMBSTONE",
    withEntries((all) => all.filter((bytes) => !isTombstone(bytes)), true),
  ],
  [
    "turns a tombstone into a publication",
    "LEDGER_SEARCH_TOMBSTONE",
    withEntries(
      (all) =>
        all.map((bytes) => (isTombstone(bytes) ? altered(bytes, { retracts: undefined }) : bytes)),
      true,
    ),
  ],
  [
    "makes a tombstone bury another",
    "LEDGER_SEARCH_ENTRY_ALTERED",
    withEntries(
      (all) => all.map((bytes) => (isTombstone(bytes) ? altered(bytes, { retracts: 3n }) : bytes)),
      true,
    ),
  ],
  [
    "holds an entry that does not read",
    "LEDGER_SEARCH_ENTRY_FORM",
    withEntries(([first, ...rest]) => [first.slice(1), ...rest]),
  ],
  [
    "holds other centroids",
    "LEDGER_SEARCH_CENTROIDS",
    ({ centroids }) => ({ centroids: centroids.map((byte, at) => (at === 4 ? byte ^ 1 : byte)) }),
  ],
  [
    "leaves the last centroid out",
    "LEDGER_SEARCH_CENTROIDS",
    ({ centroids }) => ({ centroids: centroids.slice(0, -3) }),
  ],
  [
    "says that a list is shorter",
    "LEDGER_SEARCH_LISTS",
    ({ heads }) => ({ heads: heads.map((head, at) => (at === 0 ? { ...head, size: 1n } : head)) }),
  ],
  [
    "says that a list has no tombstone",
    "LEDGER_SEARCH_LISTS",
    ({ heads }) => ({ heads: heads.map((head) => ({ ...head, tombstones: 0n })) }),
  ],
  ["leaves a list head out", "LEDGER_SEARCH_LISTS", ({ heads }) => ({ heads: heads.slice(1) })],
  [
    "reads the lists in another order",
    "LEDGER_SEARCH_PROBES",
    ({ lists }) => ({ lists: [...lists].reverse() }),
  ],
  ["reads one list fewer", "LEDGER_SEARCH_PROBES", ({ lists }) => ({ lists: lists.slice(1) })],
  [
    "reads one list twice",
    "LEDGER_SEARCH_PROBES",
    ({ lists }) => ({ lists: [lists[0], ...lists.slice(0, -1)] }),
  ],
  [
    "says that the collection is smaller",
    "LEDGER_SEARCH_ROW",
    ({ row }) => ({ row: { ...row, live: row.live - 1n } }),
  ],
];

describe("ledger/index/verify-search", () => {
  let sound: SearchProof;
  let found: Found;

  beforeAll(() => {
    world.scatter(0, 600, 3);
    const nearest = must(committedSearch(view, request))[0].slot;
    world.commit([{ kind: "retract", slot: 700n, target: nearest }]);
    sound = must(searchProof(view, request));
    found = sound.found!;
  });

  it("gives the committed answer from the root alone, after a way through bytes", () => {
    const read = must(decode(searchProofCodec, encode(searchProofCodec, sound)));
    const hits = must(verifySearch(sha256, world.root, request, read));
    expect(hits).toEqual(must(committedSearch(view, request)));
    expect(hits).toHaveLength(5);
    expect(found.lists).toHaveLength(4);
  });

  it.each(FAULTS)("refuses a proof that %s: %s", (_, code, fault) => {
    const lie = { ...sound, found: { ...found, ...fault(found) } };
    expect(codeOf(verifySearch(sha256, world.root, request, lie))).toBe(code);
  });

  it("refuses a list of an older index under the newer root, and the reverse", () => {
    const older = new IndexWorld();
    for (const logged of world.log.slice(0, -1)) older.play(logged);
    const olderProof = must(searchProof({ hasher: sha256, readPage: older.readPage }, request));
    const check = (root: Uint8Array, proof: SearchProof) =>
      codeOf(verifySearch(sha256, root, request, proof));
    expect(check(world.root, olderProof)).toBe("LEDGER_SEARCH_ROW");
    expect(check(older.root, sound)).toBe("LEDGER_SEARCH_ROW");
    const mixed = { ...sound, found: { ...found, heads: olderProof.found!.heads } };
    expect(check(world.root, mixed)).toBe("LEDGER_SEARCH_LISTS");
    const stale = { ...sound, found: { ...found, lists: olderProof.found!.lists } };
    expect(check(world.root, stale)).toBe("LEDGER_SEARCH_TOMBSTONE");
  });

  it("refuses a proof for another query, other probes or another dimension", () => {
    const check = (change: Parameters<typeof searchFor>[1], numbers = [10, -20, 30]) =>
      codeOf(verifySearch(sha256, world.root, searchFor(numbers, change), sound));
    expect(check({ probes: 3 })).toBe("LEDGER_SEARCH_PROBES");
    expect(check({ probes: 4 }, [-100, 100, -100])).toBe("LEDGER_SEARCH_PROBES");
    expect(check({ probes: 4 }, [1, 2])).toBe("LEDGER_SEARCH_DIMENSION");
    expect(check({ probes: 65 })).toBe("LEDGER_SEARCH_REQUEST");
    expect(check({ probes: 4, collection: "other" })).toBe("LEDGER_SEARCH_ROW");
  });

  it("knows a collection that is not there from one that is kept quiet", () => {
    const nowhere = searchFor([1, 2], { collection: "nowhere" });
    const absence = must(searchProof(view, nowhere));
    expect(must(verifySearch(sha256, world.root, nowhere, absence))).toEqual([]);
    const quiet = { mapProof: sound.mapProof, found: undefined };
    expect(codeOf(verifySearch(sha256, world.root, request, quiet))).toBe("LEDGER_SEARCH_ROW");
    expect(codeOf(verifySearch(sha256, world.root, request, absence))).toBe("LEDGER_SEARCH_ROW");
  });

  it("takes a collection of one list, which has no centroids", () => {
    const small = new IndexWorld();
    small.commit([addition(1, [1, 1]), addition(2, [1, 2]), addition(3, [9, 9])]);
    const near = searchFor([1, 1], { k: 2 });
    const proof = must(searchProof({ hasher: sha256, readPage: small.readPage }, near));
    expect(must(verifySearch(sha256, small.root, near, proof))).toEqual([
      { slot: 1n, distance: 0 },
      { slot: 2n, distance: 1 },
    ]);
  });
});
