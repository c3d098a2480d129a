import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { collectionOf, indexRootOf } from "../../../../src-main/ledger/index/index.ts";
import type { IndexChange } from "../../../../src-main/ledger/index/index.ts";
import { addition, IndexWorld, scattered } from "../../../worlds/index-world.ts";
import { NaiveIndex } from "../../../worlds/naive-index.ts";

const rowOf = (world: IndexWorld, name = "things") =>
  collectionOf({ hasher: sha256, readPage: world.readPage }, name)!;

/** One step: how many are added to which collection, how many retracted, epochs that pass. */
const step = fc.record({
  collection: fc.constantFrom("things", "models", "roads"),
  added: fc.oneof(fc.nat(3), fc.integer({ min: 100, max: 600 })),
  retracted: fc.nat(40),
  epochs: fc.nat(1),
});

/** A log of commits out of steps; retracts what stands, now and then what is gone. */
function play(
  steps: readonly {
    readonly collection: string;
    readonly added: number;
    readonly retracted: number;
    readonly epochs: number;
  }[],
  seed: number,
) {
  const world = new IndexWorld();
  const naive = new NaiveIndex();
  const numbers = scattered(seed);
  const known: bigint[] = [];
  let slot = 0;
  let epoch = 0;
  for (const { collection, added, retracted, epochs } of steps) {
    epoch += epochs;
    slot += 1;
    const changes: IndexChange[] = [];
    const dimension = { things: 2, models: 3, roads: 1 }[collection] ?? 1;
    for (let at = 0; at < added; at += 1) {
      const vector = Array.from({ length: dimension }, () => numbers.next().value);
      changes.push(addition(slot, vector, { collection, tags: at % 3 === 0 ? ["third"] : [] }));
      known.push(BigInt(slot));
      slot += 1;
    }
    for (let at = 0; at < retracted && known.length > 0; at += 1) {
      const target = known[Math.abs(numbers.next().value * 257) % known.length];
      changes.push({ kind: "retract", slot: BigInt(slot), target });
      slot += 1;
    }
    const root = world.commit(changes, epoch, BigInt(slot));
    expect(bytesToHex(root)).toBe(bytesToHex(naive.play(world.log.at(-1)!)));
  }
  return world;
}

describe("ledger/index/apply-index-changes", () => {
  it("has the root that the plain reading of its rules has, whatever the log", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), (steps, seed) => {
        play(steps, seed);
      }),
      { numRuns: 25 },
    );
  });

  it("is the same, page for page, when it is dropped and played again", () => {
    const steps = Array.from({ length: 9 }, (_, at) => ({
      collection: ["things", "models"][at % 2],
      added: 70 * at,
      retracted: 9 * at,
      epochs: at % 2,
    }));
    const world = play(steps, 7);
    const again = new IndexWorld();
    for (const logged of world.log) again.play(logged);
    expect(again.pages).toEqual(world.pages);
    expect(indexRootOf({ hasher: sha256, readPage: again.readPage })).toEqual(world.root);
  });

  it("has 32 zeros for a root while there is no collection", () => {
    const world = new IndexWorld();
    expect(world.commit([{ kind: "retract", slot: 5n, target: 4n }])).toEqual(new Uint8Array(32));
    expect(world.pages.size).toBe(0);
    expect(indexRootOf({ hasher: sha256, readPage: world.readPage })).toEqual(new Uint8Array(32));
  });

  it("keeps one list below 256 live entries, builds at the 256th, then at twice as many", () => {
    const world = new IndexWorld();
    world.scatter(0, 255, 2);
    expect(rowOf(world)).toMatchObject({ live: 255n, entries: 255n, builtAt: 0n });
    world.scatter(255, 1, 2);
    expect(rowOf(world)).toMatchObject({ live: 256n, builtAt: 256n, building: undefined });
    world.scatter(256, 255, 2);
    expect(rowOf(world).builtAt).toBe(256n);
    world.scatter(511, 1, 2);
    expect(rowOf(world).builtAt).toBe(512n);
  });

  it("lets a build of 4,096 wait one whole epoch, made of what was live when it began", () => {
    const world = new IndexWorld();
    const naive = new NaiveIndex();
    const follow = () => expect(world.root).toEqual(naive.play(world.log.at(-1)!));
    world.scatter(0, 4_100, 1, 5);
    follow();
    const building = { size: 4_100n, live: 4_100n, dueEpoch: 7n };
    expect(rowOf(world)).toMatchObject({ builtAt: 0n, building });
    world.commit([{ kind: "retract", slot: 4_100n, target: 17n }, addition(4_101, [3])], 6);
    follow();
    expect(rowOf(world)).toMatchObject({ entries: 4_102n, live: 4_100n, building });
    world.commit([], 7);
    follow();
    expect(rowOf(world)).toMatchObject({ entries: 4_100n, live: 4_100n, builtAt: 4_100n });
    expect(rowOf(world).building).toBeUndefined();
  });

  it("lets a build of few but long embeddings wait as well", () => {
    const world = new IndexWorld();
    world.scatter(0, 1_024, 1_200, 1);
    expect(rowOf(world).building).toEqual({ size: 1_024n, live: 1_024n, dueEpoch: 3n });
  });

  it("buries what is retracted once, and forgets both with the next build", () => {
    const world = new IndexWorld();
    world.scatter(0, 300, 2);
    const bury = (slot: bigint) => ({ kind: "retract" as const, slot, target: 7n });
    world.commit([bury(400n)]);
    expect(rowOf(world)).toMatchObject({ entries: 301n, live: 299n });
    const { root } = world;
    expect(world.commit([bury(401n)])).toEqual(root);
    expect(rowOf(world)).toMatchObject({ entries: 301n, live: 299n });
    world.scatter(500, 301, 2);
    expect(rowOf(world)).toMatchObject({ entries: 600n, live: 600n, builtAt: 600n });
  });

  it("touches few pages for one entry, whatever the list holds", () => {
    const world = new IndexWorld();
    world.scatter(0, 3_000, 16);
    const before = new Map(world.pages);
    world.commit([
      addition(
        9_000,
        Array.from({ length: 16 }, () => 1),
      ),
    ]);
    const changed = [...world.pages].filter(([key, bytes]) => before.get(key) !== bytes);
    // Row, page of the map, list heads; of the list its edge and last page; the slot's.
    expect(changed.length).toBe(6);
    expect(Math.max(...changed.map(([, bytes]) => bytes.length))).toBeLessThan(8_192);
  });

  it("stops where an embedding has another size than its collection: no rule lets it in", () => {
    const world = new IndexWorld();
    world.scatter(0, 3, 4);
    expect(() => world.commit([addition(9, [1, 2])])).toThrow("collection's size");
  });
});
