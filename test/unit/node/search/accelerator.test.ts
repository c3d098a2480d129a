import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { committedSearch } from "../../../../src-main/ledger/index/index.ts";
import type { IndexChange, SearchRequest } from "../../../../src-main/ledger/index/index.ts";
import { Accelerator } from "../../../../src-main/node/search/accelerator.ts";
import type { AcceleratorOptions } from "../../../../src-main/node/search/accelerator.ts";
import { addition, IndexWorld, searchFor } from "../../../worlds/index-world.ts";
import { NaiveNearest } from "../../../worlds/naive-nearest.ts";
import { keptLog } from "../../../worlds/node-parts.ts";
import { must } from "../../../worlds/practice-world.ts";

/** Runs what waits, in order; time goes on only where a test says so. */
class StepClock {
  ms = 0;
  readonly waiting: (() => void)[] = [];

  nowMs(): number {
    return this.ms;
  }

  after(_delayMs: number, action: () => void): () => void {
    this.waiting.push(action);
    return () => undefined;
  }

  runAll(): void {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) next();
  }
}

const ALL: Partial<SearchRequest> = { k: 10, probes: 64 };
const QUERY = searchFor([10, -20, 30, -40], ALL);

function world(options: AcceleratorOptions = {}, count = 400) {
  const index = new IndexWorld();
  index.scatter(0, count, 4);
  const clock = new StepClock();
  const graphs = new NaiveNearest();
  const codes = new NaiveNearest(100);
  const { log, lines } = keptLog();
  // As it is now, whatever is committed later: what a store's `pageAt` gives.
  const viewNow = () => {
    const pages = new Map(index.pages);
    return { hasher: sha256, readPage: (key: Uint8Array) => pages.get(bytesToHex(key)) };
  };
  const embeddings = new Map<number, Int8Array>();
  for (const { changes } of index.log) {
    for (const change of changes) {
      if (change.kind !== "add") continue;
      const { buffer } = change.embedding;
      embeddings.set(Number(change.slot), new Int8Array(buffer));
    }
  }
  const readEmbedding = (slot: number) => embeddings.get(slot);
  const needs = { graphs, codes, readEmbedding, clock, log };
  const accelerator = new Accelerator({ entriesMin: 100, ...options }, needs);
  const commit = (changes: readonly IndexChange[]) => {
    index.commit(changes);
    accelerator.follow({ hasher: sha256 }, changes);
  };
  const search = (request = QUERY) => accelerator.search(viewNow(), request);
  const defined = (request = QUERY) => must(committedSearch(viewNow(), request));
  return { accelerator, clock, codes, commit, defined, graphs, lines, search };
}

type World = ReturnType<typeof world>;

/** Has the collection built. */
function ready(made: World): World {
  expect(made.search()).toBeUndefined();
  expect(made.accelerator.heldAs("things")).toBe("building");
  made.clock.runAll();
  return made;
}

describe("the accelerator", () => {
  it("builds in the background what is large enough, and answers as the index does", () => {
    const made = ready(world());
    expect(made.accelerator.heldAs("things")).toBe("graph");
    expect(made.search()).toEqual(made.defined());
    expect(made.lines.join()).toContain("read faster from now on");
    const small = world({ entriesMin: 401 });
    small.search();
    expect(small.accelerator.heldAs("things")).toBe("committed");
    expect(small.clock.waiting).toEqual([]);
    expect(small.search(searchFor([1], { collection: "nothing" }))).toBeUndefined();
  });

  it("takes over what each commit adds and retracts, also while it builds", () => {
    const made = world();
    const { commit, search, defined, clock } = made;
    search();
    clock.waiting.shift()?.();
    commit([addition(1_000, [10, -20, 30, -40]), { kind: "retract", slot: 1_001n, target: 5n }]);
    clock.runAll();
    expect(search()?.[0]).toEqual({ slot: 1_000n, distance: 0 });
    expect(search()).toEqual(defined());
    const nearest = defined()[1].slot;
    commit([
      { kind: "retract", slot: 1_002n, target: nearest },
      addition(1_003, [10, -20, 30, -41]),
      addition(1_004, [10, -20, 30, -40], { collection: "others" }),
    ]);
    expect(search()).toEqual(defined());
    expect(search()?.map(({ slot }) => slot)).not.toContain(nearest);
    expect(search()?.[1].slot).toBe(1_003n);
  });

  it("leaves a query of another dimension to the index", () => {
    const made = ready(world());
    expect(made.search(searchFor([1, 2], ALL))).toBeUndefined();
  });

  it("holds codes where a graph would not fit, and nothing where they would not", () => {
    // 2 × 400 × (4 + 4 + 160) bytes of a graph, 2 × 400 × (4 + 160) of codes.
    const coded = ready(world({ bytesMax: 132_000 }));
    expect(coded.accelerator.heldAs("things")).toBe("codes");
    expect(coded.search()).toEqual(coded.defined());
    expect(coded.codes.samples[0].length).toBeGreaterThanOrEqual(4 * 64);
    expect(coded.codes.samples[0].length).toBeLessThanOrEqual(4 * 100);
    const none = world({ bytesMax: 131_000 });
    none.search();
    expect(none.accelerator.heldAs("things")).toBe("committed");
  });

  it("mends an answer that misses something, and drops what misses too much", () => {
    const made = ready(world({ comparedEvery: 1 }));
    const [first] = made.defined();
    made.graphs.fault = (slots) => slots.filter((slot) => BigInt(slot) !== first.slot);
    expect(made.search()).toEqual(made.defined());
    expect(made.accelerator.heldAs("things")).toBe("graph");
    made.graphs.fault = (slots) => slots.slice(20);
    expect(made.search()).toEqual(made.defined());
    expect(made.lines.at(-1)).toContain("SEARCH_ACCELERATOR_MISSES");
    expect(made.accelerator.heldAs("things")).toBe("committed");
    expect(made.search()).toBeUndefined();
    expect(made.clock.waiting).toEqual([]);
  });

  it("compares the first answer and then one of so many", () => {
    const made = ready(world({ comparedEvery: 3 }));
    made.graphs.fault = (slots) => slots.slice(1);
    const whole = [1, 2, 3, 4].map(() => made.search()?.[0].slot === made.defined()[0].slot);
    expect(whole).toEqual([true, false, false, true]);
  });

  it("says why a collection could not be built, and does not try again", () => {
    const failing = world();
    failing.graphs.make = () => {
      throw new Error("no memory");
    };
    failing.search();
    failing.clock.runAll();
    expect(failing.lines.at(-1)).toContain("SEARCH_ACCELERATOR_FAILED");
    const slow = world();
    slow.search();
    slow.clock.waiting.shift()?.();
    slow.clock.ms = 600_001;
    slow.clock.runAll();
    expect(slow.lines.at(-1)).toContain("SEARCH_ACCELERATOR_SLOW");
    for (const made of [failing, slow]) {
      expect(made.search()).toBeUndefined();
      expect(made.clock.waiting).toEqual([]);
    }
  });

  it("lets the collection go that was not searched for longest when memory is full", () => {
    const made = world({ bytesMax: 140_000 });
    made.commit(
      Array.from({ length: 400 }, (_, at) =>
        addition(2_000 + at, [at % 100, 1, 2, 3], { collection: "others" }),
      ),
    );
    ready(made);
    const other = searchFor([1, 1, 2, 3], { ...ALL, collection: "others" });
    made.search(other);
    made.clock.runAll();
    expect(made.accelerator.heldAs("things")).toBe("committed");
    expect(made.search(other)).toEqual(made.defined(other));
  });

  it("stops between two steps of a build", () => {
    const made = world();
    made.search();
    made.accelerator.stop();
    made.clock.runAll();
    expect(made.graphs.made).toEqual([]);
    expect(made.search()).toBeUndefined();
    expect(made.clock.waiting).toEqual([]);
  });

  it("answers nothing where no graph loads", () => {
    const { readEmbedding, clock, log } = {
      readEmbedding: () => undefined,
      clock: new StepClock(),
      ...keptLog(),
    };
    const codes = new NaiveNearest();
    const needs = { graphs: undefined, codes, readEmbedding, clock, log };
    const accelerator = new Accelerator({ entriesMin: 1 }, needs);
    const index = new IndexWorld();
    index.scatter(0, 50, 4);
    const view = { hasher: sha256, readPage: index.readPage };
    expect(accelerator.search(view, QUERY)).toBeUndefined();
    expect(clock.waiting).toEqual([]);
  });
});
