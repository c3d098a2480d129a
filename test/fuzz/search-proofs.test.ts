import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../../src-main/codec/index.ts";
import type { Codec } from "../../src-main/codec/index.ts";
import { sha256 } from "../../src-main/crypto/index.ts";
import {
  collectionCodec,
  committedSearch,
  entryCodec,
  listHeadCodec,
  readSearchProof,
  searchProof,
  searchProofCodec,
  verifySearch,
} from "../../src-main/ledger/index/index.ts";
import { addition, IndexWorld, searchFor } from "../worlds/index-world.ts";
import { must } from "../worlds/practice-world.ts";

const world = new IndexWorld();
world.scatter(0, 300, 2);
world.commit([
  addition(400, [1, 2], { tags: ["a", "b"], what: "model" }),
  { kind: "retract", slot: 401n, target: 7n },
]);
const view = { hasher: sha256, readPage: world.readPage };
const request = searchFor([1, 2], { probes: 3 });
const proof = must(searchProof(view, request));
const { row, heads, lists } = proof.found!;
const answer = must(committedSearch(view, request));
const sound = encode(searchProofCodec, proof);

const FORMATS: readonly (readonly [string, Codec<unknown>, Uint8Array])[] = [
  ["collection", collectionCodec as Codec<unknown>, encode(collectionCodec, row)],
  ["list head", listHeadCodec as Codec<unknown>, encode(listHeadCodec, heads[0])],
  ["entry", entryCodec as Codec<unknown>, lists[0].entries[0]],
  ["search proof", searchProofCodec as Codec<unknown>, sound],
];

/** Sound bytes with a few faults, cut off or whole; or any bytes at all. */
const faulty = (bytes: Uint8Array) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 3 }),
        fc.nat(bytes.length),
        fc.boolean(),
      )
      .map(([flips, cut, whole]) => {
        const copy = bytes.slice();
        for (const [at, byte] of flips) copy[at] = byte;
        return whole ? copy : copy.slice(0, cut);
      }),
  );

describe("search proofs", () => {
  it.each(FORMATS)("%s: a value that writes the same bytes, or a rejection", (_, codec, bytes) => {
    fc.assert(
      fc.property(faulty(bytes), (input) => {
        const read = decode(codec, input);
        if (read.ok) expect(encode(codec, read.value)).toEqual(input);
      }),
      { numRuns: 300 },
    );
  });

  it("give the committed answer or a rejection, and never throw", () => {
    let refused = 0;
    fc.assert(
      fc.property(faulty(sound), (input) => {
        const read = readSearchProof(input);
        if (!read.ok) return;
        const hits = verifySearch(sha256, world.root, request, read.value);
        if (hits.ok) expect(hits.value).toEqual(answer);
        else refused += 1;
      }),
      { numRuns: 600 },
    );
    // What decodes and is altered must have been refused many times, else nothing was tried.
    expect(refused).toBeGreaterThan(50);
  });
});
