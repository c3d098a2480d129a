import { describe, expect, it } from "vitest";
import {
  differingElement,
  selfCheck,
} from "../../../../src-main/adapters/native-engine/self-check.ts";
import { ReferenceBackend } from "../../../../src-main/engine/index.ts";

describe("self-check", () => {
  it("finds nothing wrong with the reference itself", async () => {
    expect(await selfCheck(new ReferenceBackend())).toEqual([]);
  });

  it("tells apart values that compare equal as numbers", () => {
    expect(differingElement(Float32Array.of(1, 0), Float32Array.of(1, -0))).toBe(1);
    expect(differingElement(Float32Array.of(1, 0), Float32Array.of(1, 0))).toBe(-1);
    expect(differingElement(Float32Array.of(1), Float32Array.of(1, 0))).toBe(1);
  });
});
