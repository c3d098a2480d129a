import { describe, expect, it } from "vitest";

import {
  floatOp,
  isFixed,
  isOffered,
} from "../../../../src-main/adapters/float-engine/float-ops.ts";
import { opNames } from "../../../../src-main/engine/index.ts";

describe("adapters/float-engine/float-ops", () => {
  it("offers every op of the engine, and nothing else", () => {
    expect(opNames().filter((name) => !isOffered(name))).toEqual([]);
    for (const name of ["toString", "matmul2", ""]) expect(isOffered(name)).toBe(false);
  });

  it("takes data, constants, chance and ties from the engine, arithmetic never", () => {
    const taken = opNames().filter((name) => floatOp(name) === undefined);
    expect(taken.toSorted((left, right) => (left < right ? -1 : 1))).toEqual([
      "constant",
      "dropout-mask",
      "load",
      "max-pool-gradient",
      "one-hot",
      "range",
      "schedule",
    ]);
  });

  it("makes once only what no step changes", () => {
    expect(opNames().filter(isFixed)).toEqual(["constant", "range"]);
  });
});
