import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../../src-main/contract/bytes.ts";
import { merkleRoot, sha256 } from "../../../../src-main/crypto/index.ts";
import type { Program } from "../../../../src-main/engine/program/program.ts";
import {
  blockLeaves,
  stateRoot,
  tensorLeaf,
} from "../../../../src-main/engine/state/state-root.ts";

const zeros = { kind: "zeros" } as const;
const program: Program = {
  states: [
    { name: "a", shape: [2, 9, 17], initialiser: zeros },
    { name: "b", shape: [3], initialiser: zeros },
  ],
  ops: [],
  updates: [],
  outputs: [],
};
const a = Float32Array.from({ length: 306 }, (_, at) => at + 1);
const b = Float32Array.of(1, 2, 3);

describe("stateRoot", () => {
  it("cuts a tensor into zero-filled blocks of its leading dimensions by its last", () => {
    const leaves = blockLeaves([2, 9, 17], a);
    // 18 rows and 17 columns: two by two blocks.
    expect(leaves.length).toBe(4);
    const floats = leaves.map((leaf) => new Float32Array(leaf.slice().buffer));
    expect(floats[0][0]).toBe(1);
    expect(floats[0][16]).toBe(18);
    expect(floats[1][0]).toBe(17);
    expect(floats[1][1]).toBe(0);
    expect(floats[2][0]).toBe(16 * 17 + 1);
    expect(floats[3][16]).toBe(306);
    expect(floats[3].filter((value) => value !== 0).length).toBe(2);
  });

  it("is the tree over tensor leaves, and a leaf is shape and block root", () => {
    const leaf = tensorLeaf(sha256, [3], b);
    expect(Array.from(leaf.subarray(0, 8))).toEqual([1, 0, 0, 0, 3, 0, 0, 0]);
    expect(leaf.subarray(8)).toEqual(merkleRoot(sha256, blockLeaves([3], b)));
    const expected = merkleRoot(sha256, [tensorLeaf(sha256, [2, 9, 17], a), leaf]);
    expect(stateRoot(sha256, program, [a, b])).toEqual(expected);
  });

  it("changes with one bit, with the shape and with the order", () => {
    const roots = [
      stateRoot(sha256, program, [a, b]),
      stateRoot(sha256, program, [a, Float32Array.of(1, 2, 3.0000002)]),
      stateRoot(
        sha256,
        { ...program, states: [{ ...program.states[0], shape: [18, 17] }, program.states[1]] },
        [a, b],
      ),
      stateRoot(sha256, { ...program, states: program.states.toReversed() }, [b, a]),
    ].map(bytesToHex);
    expect(new Set(roots).size).toBe(4);
  });
});
