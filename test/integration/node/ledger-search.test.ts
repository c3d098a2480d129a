import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src-main/adapters/host/index.ts";
import {
  nativeEd25519Verify,
  nativeSha256,
} from "../../../src-main/adapters/native-crypto/index.ts";
import { searchAccelerator } from "../../../src-main/adapters/search-accelerator/index.ts";
import { decode, encode } from "../../../src-main/codec/index.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import {
  ed25519Scheme,
  searchReceiptCodec,
  verifySearchReceipt,
} from "../../../src-main/ledger/index.ts";
import type { SearchReceipt, SearchRequest } from "../../../src-main/ledger/index.ts";
import { LedgerSearch } from "../../../src-main/node/index.ts";
import type { LedgerSearchOptions } from "../../../src-main/node/index.ts";
import type { NearestIndexMaker } from "../../../src-main/ports/nearest-index.ts";
import { clusteredVectors } from "../../worlds/clustered-vectors.ts";
import { NaiveNearest } from "../../worlds/naive-nearest.ts";
import { must } from "../../worlds/practice-world.ts";
import { newFolder, GENESIS, openNode, OWNER, ownerRecord } from "./practice-node.ts";
import type { OpenNode } from "./practice-node.ts";

const DIMENSION = 16;
const ENTRIES = 320;
const VECTORS = clusteredVectors({ count: ENTRIES + 60, dimension: DIMENSION, clusters: 12 });
const QUERIES = VECTORS.slice(ENTRIES, ENTRIES + 20);
const scheme = ed25519Scheme(nativeEd25519Verify);
const CONTEXT = { hasher: nativeSha256, genesis: GENESIS, scheme };
const LARGE = 1_000_000;

let folder = "";
let opened: OpenNode;
let graphs: NearestIndexMaker;
const searches: LedgerSearch[] = [];

function searching(options: LedgerSearchOptions, maker: NearestIndexMaker | undefined = graphs) {
  const { node, store, log } = opened;
  const needs = { node, store, context: CONTEXT, graphs: maker, clock: systemClock, log };
  const search = new LedgerSearch({ entriesMin: 100, ...options }, needs);
  searches.push(search);
  return search;
}

const asked = (query: Int8Array, more: Partial<SearchRequest> = {}): SearchRequest => ({
  collection: "things",
  query,
  k: 10,
  probes: 64,
  ...more,
});

/** Publishes vectors; answers when all are final. */
async function publish(vectors: readonly Int8Array[]): Promise<void> {
  const { node } = opened;
  const nonce = node.nextNonce(OWNER, 0);
  const sent = vectors.map((vector, at) => {
    const payload = {
      kind: "publish" as const,
      what: "model" as const,
      name: `model ${at}`,
      content: nativeSha256(Uint8Array.of(at)),
      about: "",
      tags: at % 2 === 0 ? ["even"] : [],
      collection: "things",
      embedding: Uint8Array.from(vector),
    };
    return node.submit(ownerRecord(payload, nonce + BigInt(at)));
  });
  for (const one of await Promise.all(sent)) expect(must(one).outcome.code).toBe("");
}

/** A search whose collection is accelerated. */
async function ready(options: LedgerSearchOptions, maker?: NearestIndexMaker) {
  const search = searching(options, maker);
  must(search.search(asked(QUERIES[0], { k: 3 })));
  while (search.heldAs("things") === "building") {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return search;
}

beforeAll(async () => {
  folder = newFolder();
  opened = await openNode(folder);
  const loaded = await searchAccelerator();
  if (loaded.maker === undefined) throw loaded.fault;
  graphs = loaded.maker;
  await publish(VECTORS.slice(0, ENTRIES));
});
afterAll(async () => {
  for (const search of searches) search.stop();
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("searching a node", () => {
  it("answers from a graph what the index answers, and says which of them it was", async () => {
    const search = await ready({});
    for (const query of QUERIES) {
      const found = must(search.search(asked(query)));
      expect(found.from).toBe("graph");
      const exact = must(search.search(asked(query), { exact: true }));
      expect(exact.from).toBe("committed");
      expect(found.hits).toEqual(exact.hits);
    }
  });

  it("holds codes where memory is short, read from the log again", async () => {
    const search = await ready({ bytesMax: 160_000 });
    const found = must(search.search(asked(QUERIES[1])));
    expect(found.from).toBe("codes");
    expect(found.hits).toEqual(must(search.search(asked(QUERIES[1]), { exact: true })).hits);
  });

  it("follows publications and retractions, and no answer outlives its index", async () => {
    const search = await ready({});
    const [query] = QUERIES;
    const before = must(search.search(asked(query)));
    expect(must(search.search(asked(query)))).toBe(before);
    expect(search.hotCounts.hits).toBe(1);
    await publish([query]);
    const added = must(search.search(asked(query))).hits;
    expect(added[0].distance).toBe(0);
    const { node } = opened;
    const retract = { kind: "retract" as const, slot: added[0].slot };
    must(await node.submit(ownerRecord(retract, node.nextNonce(OWNER, 0))));
    const after = must(search.search(asked(query)));
    expect(after.from).toBe("graph");
    expect(after.hits).toEqual(before.hits);
  });

  it("answers the same with kept answers turned off", async () => {
    const [kept, plain] = [await ready({}), await ready({ hotAnswers: 0 })];
    for (const query of [...QUERIES, ...QUERIES]) {
      expect(must(kept.search(asked(query)))).toEqual(must(plain.search(asked(query))));
    }
    expect(kept.hotCounts.hits).toBe(20);
    expect(plain.hotCounts.hits).toBe(0);
  });

  it("filters by tags and kind as the index does", async () => {
    const search = await ready({});
    for (const more of [{ tags: ["even"] }, { what: "model" }, { what: "job" }] as const) {
      const found = must(search.search(asked(QUERIES[2], more)));
      expect(found.hits).toEqual(
        must(search.search(asked(QUERIES[2], more), { exact: true })).hits,
      );
    }
  });

  it("is mended or found out where an accelerator lies", async () => {
    const naive = new NaiveNearest();
    const search = await ready({ comparedEvery: 1, hotAnswers: 0 }, naive);
    const exact = must(search.search(asked(QUERIES[3]), { exact: true })).hits;
    // Made up, far away first, and the nearest missing.
    naive.fault = (slots) => [1, 999_999, ...slots.slice(1).reverse(), ...slots.slice(1)];
    expect(must(search.search(asked(QUERIES[3]))).hits).toEqual(exact);
    naive.fault = (slots) => slots.slice(40);
    expect(must(search.search(asked(QUERIES[3]))).hits).toEqual(exact);
    expect(search.heldAs("things")).toBe("committed");
    expect(opened.log.lines).toContain("warn a collection is no longer read faster");
  });

  it("refuses what the index refuses", () => {
    const search = searching({});
    const small = Int8Array.of(1, 2);
    const refused = [
      search.search(asked(small)),
      search.search(asked(small), { exact: true }),
      search.prove(asked(small), LARGE),
    ];
    for (const one of refused) {
      expect(one).toMatchObject({ ok: false, rejection: { code: "LEDGER_SEARCH_DIMENSION" } });
    }
    expect(search.search(asked(QUERIES[0], { k: 101 }))).toMatchObject({
      rejection: { code: "LEDGER_SEARCH_REQUEST" },
    });
  });
});

describe("a search receipt", () => {
  const receipt = (request: SearchRequest): SearchReceipt => {
    const proved = must(searching({}, undefined).prove(request, LARGE));
    return must(decode(searchReceiptCodec, proved.receipt));
  };
  const verify = (made: SearchReceipt, request: SearchRequest, context = CONTEXT) => {
    const checked = verifySearchReceipt(made, request, { ...context, hasher: sha256 });
    return checked.ok ? "" : checked.rejection.code;
  };

  it("shows a stranger the whole answer and who published it", () => {
    const search = searching({}, undefined);
    const request = asked(QUERIES[4]);
    const proved = must(search.prove(request, LARGE));
    const made = must(decode(searchReceiptCodec, proved.receipt));
    const facts = must(verifySearchReceipt(made, request, CONTEXT));
    expect(facts.hits.map(({ slot, distance }) => ({ slot, distance }))).toEqual(proved.hits);
    expect(proved.hits).toEqual(must(search.search(request, { exact: true })).hits);
    expect(facts.commit).toBe(opened.node.head().number - 1n);
    for (const { record, slot } of facts.hits) {
      expect(record?.account).toEqual(OWNER);
      expect(record?.payload.name).toMatch(/^model /);
      expect(slot).toBeGreaterThan(0n);
    }
  });

  it("reads fewer lists where it would be too long, and says how many", () => {
    const search = searching({}, undefined);
    const request = asked(QUERIES[5], { k: 1 });
    const whole = must(search.prove(request, LARGE));
    const short = must(search.prove(request, whole.receipt.length - 1));
    expect(short.probes).toBeLessThan(whole.probes);
    expect(short.receipt.length).toBeLessThan(whole.receipt.length);
    const narrow = { ...request, probes: short.probes };
    expect(verify(must(decode(searchReceiptCodec, short.receipt)), narrow)).toBe("");
    expect(search.prove(request, 1_000)).toMatchObject({
      rejection: { code: "LEDGER_SEARCH_LARGE" },
    });
  });

  it("is refused with anything changed", () => {
    const request = asked(QUERIES[6]);
    const made = receipt(request);
    expect(verify(made, request)).toBe("");
    const [first, second, ...others] = made.records;
    const swapped = { ...first, stored: second.stored };
    const genesis = { ...GENESIS, name: "another" };
    const faults: readonly (readonly [string, SearchReceipt, string, object?])[] = [
      ["another record", { ...made, records: [swapped, second] }, "LEDGER_RECEIPT_RECORD"],
      ["no place", { ...made, commitProof: [] }, "LEDGER_RECEIPT_COMMIT"],
      ["another commit", { ...made, commit: first.stored }, "LEDGER_COMMIT_MISPLACED"],
      ["another network", made, "LEDGER_CERTIFICATE_NETWORK", { genesis }],
      ["no entries", { ...made, proof: { ...made.proof, found: undefined } }, "LEDGER_SEARCH_ROW"],
    ];
    for (const [what, changed, code, context] of faults) {
      expect([what, verify(changed, request, { ...CONTEXT, ...context })]).toEqual([what, code]);
    }
    // A record that is left out leaves a hit without a name, no less a hit.
    expect(verify({ ...made, records: [second, ...others] }, request)).toBe("");
    expect(verify(made, asked(QUERIES[7], { probes: 1 }))).toBe("LEDGER_SEARCH_PROBES");
    const bytes = encode(searchReceiptCodec, made);
    expect(decode(searchReceiptCodec, bytes.subarray(1)).ok).toBe(false);
  });
});
