import { describe, expect, it } from "vitest";
import { encode } from "../../../../src-main/codec/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import {
  readSearchProof,
  searchProof,
  searchProofCodec,
} from "../../../../src-main/ledger/index/index.ts";
import { IndexWorld, searchFor } from "../../../worlds/index-world.ts";
import { codeOf, must } from "../../../worlds/practice-world.ts";

describe("ledger/index/search-proof", () => {
  const world = new IndexWorld();
  world.scatter(0, 700, 2);
  const view = { hasher: sha256, readPage: world.readPage };

  it("holds all centroids, all list heads, and of entries those of the probed lists", () => {
    const proof = must(searchProof(view, searchFor([3, 4], { probes: 5 })));
    const { row, centroids, heads, lists } = proof.found!;
    expect(row).toMatchObject({ dimension: 2, live: 700n, builtAt: 700n });
    expect([centroids.length, heads.length, lists.length]).toEqual([64, 32, 5]);
    for (const { list, entries } of lists) expect(BigInt(entries.length)).toBe(heads[list].size);
  });

  it("is the same whatever k and filters: those are for who checks it", () => {
    const plain = must(searchProof(view, searchFor([3, 4])));
    const filtered = searchFor([3, 4], { k: 99, tags: ["any"], what: "model" });
    expect(must(searchProof(view, filtered))).toEqual(plain);
  });

  it("refuses what does not fit into a proof", () => {
    const large = new IndexWorld();
    // One list until the build takes effect, and too many entries in it.
    large.scatter(0, 65_537, 1);
    const asked = searchFor([1], { probes: 1 });
    const largeView = { hasher: sha256, readPage: large.readPage };
    expect(codeOf(searchProof(largeView, asked))).toBe("LEDGER_SEARCH_LARGE");
  });

  it("is read back from its bytes, unless they are too many or no proof", () => {
    const proof = must(searchProof(view, searchFor([3, 4])));
    expect(must(readSearchProof(encode(searchProofCodec, proof)))).toEqual(proof);
    const size = codeOf(readSearchProof(new Uint8Array(33_554_433)));
    expect(size).toBe("LEDGER_SEARCH_PROOF_SIZE");
    expect(codeOf(readSearchProof(Uint8Array.of(1)))).toBe("CODEC_TRUNCATED");
  });
});
