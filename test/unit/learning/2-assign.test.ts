import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { assignmentWeight, pickWeighted, unitId } from "../../../src-main/learning/index.ts";

const job = new Uint8Array(32).fill(5);
const beaconOf = (n: number) => sha256(Uint8Array.of(n & 255, n >> 8));
const purpose = Uint8Array.of(1);

describe("learning/2-assign", () => {
  it("names units apart by job, round and shard", () => {
    const names = [
      unitId(sha256, job, 0, 0),
      unitId(sha256, job, 1, 0),
      unitId(sha256, job, 0, 1),
      unitId(sha256, new Uint8Array(32), 0, 0),
    ];
    expect(new Set(names.map(String)).size).toBe(4);
  });

  it("draws in proportion to weight and never a weight of zero", () => {
    const candidates = [
      { id: Uint8Array.of(1), weight: 1n },
      { id: Uint8Array.of(2), weight: 3n },
      { id: Uint8Array.of(3), weight: 0n },
    ];
    const counts = new Map<number, number>();
    for (let n = 0; n < 4000; n += 1) {
      const picked = pickWeighted(sha256, beaconOf(n), purpose, candidates);
      const id = picked === undefined ? 0 : picked.id[0];
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect(counts.get(3)).toBeUndefined();
    expect(counts.get(1)).toBeGreaterThan(880);
    expect(counts.get(1)).toBeLessThan(1120);
  });

  it("does not depend on the order of the candidates", () => {
    const candidates = Array.from({ length: 9 }, (_, id) => {
      return { id: Uint8Array.of(id), weight: BigInt(id) };
    });
    fc.assert(
      fc.property(fc.shuffledSubarray(candidates, { minLength: 9 }), fc.nat(999), (list, n) => {
        const beacon = beaconOf(n);
        expect(pickWeighted(sha256, beacon, purpose, list)).toBe(
          pickWeighted(sha256, beacon, purpose, candidates),
        );
      }),
    );
  });

  it("draws nobody when nobody has weight", () => {
    expect(pickWeighted(sha256, beaconOf(1), purpose, [])).toBeUndefined();
  });

  it("weighs speed and bonds no more when they are split over accounts", () => {
    const amount = fc.bigInt({ min: 0n, max: 1n << 90n });
    const speed = fc.bigInt({ min: 0n, max: 1_000_000n });
    const worker = fc.record({ speed, bond: amount });
    fc.assert(
      fc.property(fc.array(worker, { minLength: 1, maxLength: 6 }), amount, (split, unitBond) => {
        const sum = (values: readonly bigint[]) => values.reduce((all, one) => all + one, 0n);
        const parts = sum(split.map((one) => assignmentWeight(one.speed, one.bond, unitBond)));
        const [speeds, bonds] = [split.map((one) => one.speed), split.map((one) => one.bond)];
        expect(parts <= assignmentWeight(sum(speeds), sum(bonds), unitBond)).toBe(true);
      }),
    );
  });

  it("weighs the lesser of speed and bonds", () => {
    expect(assignmentWeight(5n, 100n, 10n)).toBe(5n);
    expect(assignmentWeight(50n, 100n, 10n)).toBe(10n);
    expect(assignmentWeight(50n, 9n, 10n)).toBe(0n);
    expect(assignmentWeight(7n, 0n, 0n)).toBe(7n);
  });
});
