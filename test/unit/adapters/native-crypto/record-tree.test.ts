import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseRecordTree } from "../../../../src-main/adapters/native-crypto/record-tree.ts";
import type { RecordTreeBinding } from "../../../../src-main/adapters/native-crypto/record-tree.ts";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/sha256.ts";
import { concatBytes } from "../../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../../src-main/crypto/hasher.ts";
import { leafHash, nodeHash } from "../../../../src-main/crypto/merkle/node-hashes.ts";

const pair = Uint8Array.from({ length: 64 }, (_, at) => at);

/** The calls as an addon would have them, over the definition. */
const right: Required<RecordTreeBinding> = {
  leafHashes(leaves, lengthBytes, digests) {
    const lengths = new Uint32Array(lengthBytes.buffer, lengthBytes.byteOffset);
    let at = 0;
    for (const [index, length] of lengths.entries()) {
      digests.set(leafHash(sha256, leaves.subarray(at, at + length)), 32 * index);
      at += length;
    }
    return true;
  },
  nodeHashes(pairs, digests) {
    for (let at = 0; at < pairs.length; at += 64) {
      const node = nodeHash(sha256, pairs.subarray(at, at + 32), pairs.subarray(at + 32, at + 64));
      digests.set(node, at / 2);
    }
    return true;
  },
  foldNodes(nodes) {
    const hashes = nodes.length / 32;
    for (let from = 0, to = (hashes + 1) / 2; to < hashes; from += 2, to += 1) {
      const pairs = nodes.slice(32 * from, 32 * from + 64);
      nodes.set(nodeHash(sha256, pairs.subarray(0, 32), pairs.subarray(32)), 32 * to);
    }
    return true;
  },
};

const isUsed = (binding: RecordTreeBinding): boolean =>
  chooseRecordTree(sha256, () => binding).nodeHashes(pair) !== undefined;

describe("adapters/native-crypto/record-tree", () => {
  it("gives the definition's leaf hashes for leaves of any lengths", () => {
    const leaf = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(fc.array(leaf, { minLength: 1, maxLength: 12 }), (leaves) => {
        const expected = concatBytes(...leaves.map((each) => leafHash(sha256, each)));
        expect(nativeSha256.leafHashes?.(leaves) ?? expected).toEqual(expected);
      }),
    );
  });

  it("gives the definition's node hashes for any number of pairs", () => {
    const hash = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 9 }), (pairs) => {
        const expected = concatBytes(
          ...pairs.map((each) => nodeHash(sha256, each.subarray(0, 32), each.subarray(32))),
        );
        expect(nativeSha256.nodeHashes?.(concatBytes(...pairs)) ?? expected).toEqual(expected);
      }),
    );
  });

  it("folds any power of two of hashes as the definition does", () => {
    const leaves = fc.nat(8).chain((height) => {
      return fc.uint8Array({ minLength: 32 * 2 ** height, maxLength: 32 * 2 ** height });
    });
    fc.assert(
      fc.property(leaves, (hashes) => {
        const nodes = new Uint8Array(2 * hashes.length - 32);
        nodes.set(hashes);
        const expected = nodes.slice();
        right.foldNodes(expected);
        if (nativeSha256.foldNodes?.(nodes) === true) expect(nodes).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("uses calls that are right, and leaves hashing to the asker where one is missing", () => {
    expect(isUsed(right)).toBe(true);
    expect(isUsed({})).toBe(false);
    expect(isUsed({ leafHashes: right.leafHashes })).toBe(false);
    const { leafHashes, nodeHashes } = right;
    expect(isUsed({ leafHashes, nodeHashes })).toBe(false);
    const absent = chooseRecordTree(sha256, () => {
      throw new Error("no addon");
    });
    expect(absent.leafHashes([pair])).toBeUndefined();
  });

  it("leaves hashing to the asker where the machine cannot, or one answer is wrong", () => {
    expect(isUsed({ ...right, leafHashes: () => false })).toBe(false);
    expect(isUsed({ ...right, nodeHashes: () => false })).toBe(false);
    const lastWrong = (fill: (...given: Uint8Array[]) => boolean) => {
      return (...given: Uint8Array[]): boolean => {
        const done = fill(...given);
        const digests = given[given.length - 1];
        if (digests.length > 32) digests[digests.length - 1] ^= 1;
        return done;
      };
    };
    const leaves = lastWrong(right.leafHashes as (...given: Uint8Array[]) => boolean);
    expect(isUsed({ ...right, leafHashes: leaves })).toBe(false);
    const nodes = lastWrong(right.nodeHashes as (...given: Uint8Array[]) => boolean);
    expect(isUsed({ ...right, nodeHashes: nodes })).toBe(false);
    const folded = lastWrong(right.foldNodes as (...given: Uint8Array[]) => boolean);
    expect(isUsed({ ...right, foldNodes: folded })).toBe(false);
    expect(isUsed({ ...right, foldNodes: () => false })).toBe(false);
  });
});
