import { describe, expect, it } from "vitest";
import { searchHandlers } from "../../../../src-main/api/index.ts";
import { METHODS } from "../../../../src-main/contract/control-api/index.ts";
import type { SearchAnswered } from "../../../../src-main/contract/control-api/index.ts";
import { accept, reject } from "../../../../src-main/contract/outcome.ts";
import type { Outcome } from "../../../../src-main/contract/outcome.ts";
import type { SearchRequest } from "../../../../src-main/ledger/index.ts";
import type { Node, SearchAnswer } from "../../../../src-main/node/index.ts";
import { must } from "../../../worlds/practice-world.ts";

/** A node without publications: what is found has no record. */
const NODE = {
  head: () => ({ number: 7n }),
  stateAt: () => accept({}),
  record: () => reject("NODE_PRUNED"),
  outcome: () => reject("NODE_PRUNED"),
} as unknown as Node;

const SLOTS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  "dataset.text-1": [
    [4, 9],
    [8, 30],
  ],
  "model.text-1": [
    [2, 30],
    [6, 31],
  ],
};

function handlers(refused = "") {
  const asked: SearchRequest[] = [];
  const search = {
    search(request: SearchRequest): Outcome<SearchAnswer> {
      asked.push(request);
      if (request.collection === refused) return reject("LEDGER_SEARCH_DIMENSION");
      const hits = (SLOTS[request.collection] ?? []).map(([slot, distance]) => {
        return { slot: BigInt(slot), distance };
      });
      return accept({ hits, from: "committed" });
    },
    prove: (request: SearchRequest) => {
      asked.push(request);
      const indexRoot = new Uint8Array(32);
      const receipt = Uint8Array.of(1, 2);
      return accept({ hits: [], commit: 6n, indexRoot, probes: 4, receipt });
    },
  };
  const made = searchHandlers({ node: NODE, search });
  const ask = (params: object) =>
    made["ledger.search"](METHODS["ledger.search"].params.parse(params));
  return { ask, asked, made };
}

const slots = (answered: Outcome<SearchAnswered>) => must(answered).hits.map(({ slot }) => slot);

describe("searching over the control API", () => {
  it("looks for words in every collection of words, in one order", async () => {
    const { ask, asked } = handlers();
    expect(slots(await ask({ text: "digits", limit: 3 }))).toEqual([4, 2, 8]);
    expect(asked.map(({ collection }) => collection)).toEqual([
      "dataset.text-1",
      "model.text-1",
      "job.text-1",
      "other.text-1",
    ]);
    expect(asked[0]).toMatchObject({ k: 3, probes: 8, tags: [] });
    expect(asked[0].query.length).toBe(128);
    expect(asked[0].what).toBeUndefined();
  });

  it("looks in one where the kind or the collection is named", async () => {
    const { ask, asked } = handlers();
    await ask({ text: "digits", what: "model", tags: ["a"] });
    await ask({ vector: "0180ff", collection: "mine" });
    expect(asked.map(({ collection }) => collection)).toEqual(["model.text-1", "mine"]);
    expect(asked[0]).toMatchObject({ what: "model", tags: ["a"] });
    expect([...asked[1].query]).toEqual([1, -128, -1]);
  });

  it("passes over a collection of words that was filled with another kind of vector", async () => {
    const { ask } = handlers("dataset.text-1");
    const answered = await ask({ text: "digits" });
    expect(slots(answered)).toEqual([2, 6]);
    expect(must(answered).collections.map(({ collection }) => collection)).not.toContain(
      "dataset.text-1",
    );
    expect(await ask({ text: "digits", what: "dataset" })).toMatchObject({
      rejection: { code: "LEDGER_SEARCH_DIMENSION" },
    });
  });

  it("refuses both, neither, and a vector without its collection", async () => {
    const { ask } = handlers();
    for (const params of [{}, { text: "a", vector: "01" }, { vector: "01" }]) {
      expect(await ask(params)).toMatchObject({ rejection: { code: "API_SEARCH" } });
    }
  });

  it("hands a receipt on with what was read for it", async () => {
    const { asked, made } = handlers();
    const params = METHODS["ledger.search-proof"].params.parse({
      text: "digits",
      collection: "model.text-1",
    });
    expect(must(await made["ledger.search-proof"](params))).toEqual({
      collection: "model.text-1",
      commit: 6,
      indexRoot: "00".repeat(32),
      probes: 4,
      receipt: "0102",
    });
    expect(asked[0]).toMatchObject({ collection: "model.text-1", k: 10, probes: 8 });
  });
});
