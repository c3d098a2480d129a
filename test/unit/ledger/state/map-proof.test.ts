import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";
import { stateProof, verifyStateProof } from "../../../../src-main/ledger/state/map-proof.ts";
import { updateStateMap } from "../../../../src-main/ledger/state/map.ts";

const keyOf = (at: number) => sha256(Uint8Array.of(at & 255, at >> 8));

function mapOf(count: number) {
  const store = new Map<string, Uint8Array>();
  const readPage = (key: Uint8Array) => store.get(bytesToHex(key));
  const needs = { hasher: sha256, readPage };
  const changes = Array.from({ length: count }, (_, at) => {
    return { key: keyOf(at), value: Uint8Array.of(at) };
  });
  const { root, pages } = updateStateMap(needs, changes);
  for (const { key, bytes } of pages) if (bytes !== undefined) store.set(bytesToHex(key), bytes);
  return { needs, root };
}

describe("ledger/state/map-proof", () => {
  it.each([0, 1, 2, 3, 70, 1_000])("proves presence and absence among %i rows", (count) => {
    const { needs, root } = mapOf(count);
    for (let at = 0; at < Math.min(count, 40); at += 1) {
      const proof = stateProof(needs, keyOf(at));
      const value = Uint8Array.of(at);
      expect(verifyStateProof(sha256, root, keyOf(at), value, proof)).toBe(true);
      expect(verifyStateProof(sha256, root, keyOf(at), Uint8Array.of(at + 1), proof)).toBe(false);
      expect(verifyStateProof(sha256, root, keyOf(at), undefined, proof)).toBe(false);
    }
    for (let at = 5_000; at < 5_040; at += 1) {
      const proof = stateProof(needs, keyOf(at));
      expect(verifyStateProof(sha256, root, keyOf(at), undefined, proof)).toBe(true);
      expect(verifyStateProof(sha256, root, keyOf(at), Uint8Array.of(1), proof)).toBe(false);
    }
  });

  it("says nothing about another key, root or a touched sibling", () => {
    const { needs, root } = mapOf(500);
    fc.assert(
      fc.property(fc.nat(499), fc.nat(499), fc.nat(), fc.nat(255), (at, other, place, bit) => {
        const proof = stateProof(needs, keyOf(at));
        const value = Uint8Array.of(at);
        if (keyOf(other).join() !== keyOf(at).join()) {
          expect(verifyStateProof(sha256, root, keyOf(other), value, proof)).toBe(false);
          expect(verifyStateProof(sha256, root, keyOf(other), undefined, proof)).toBe(false);
        }
        expect(verifyStateProof(sha256, sha256(root), keyOf(at), value, proof)).toBe(false);
        const siblings = proof.siblings.map((hash) => hash.slice());
        siblings[place % siblings.length][bit >> 3] ^= 1 << (bit & 7);
        const touched = { ...proof, siblings };
        expect(verifyStateProof(sha256, root, keyOf(at), value, touched)).toBe(false);
        const shorter = { ...proof, siblings: proof.siblings.slice(0, -1) };
        expect(verifyStateProof(sha256, root, keyOf(at), value, shorter)).toBe(false);
      }),
    );
  });

  it("does not let a missing row be hidden behind its neighbour's leaf", () => {
    const { needs, root } = mapOf(2);
    const proof = stateProof(needs, keyOf(0));
    const neighbour = stateProof(needs, keyOf(1));
    const forged = { siblings: proof.siblings, leaf: neighbour.leaf };
    expect(verifyStateProof(sha256, root, keyOf(0), undefined, forged)).toBe(false);
  });
});
