import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../../src-main/adapters/pjrt/read-answers.ts";

describe("read-answers", () => {
  it("reads the helper's lines and nothing else", () => {
    expect(readAnswer('{"kind":"end"}')).toEqual({ kind: "end" });
    expect(readAnswer('{"kind":"device","id":1,"name":"TPU v5e","memoryBytes":null}')).toEqual({
      kind: "device",
      id: 1,
      name: "TPU v5e",
      memoryBytes: null,
    });
    for (const line of ["", "null", "3", "loading", '{"kind":"other"}', "{}"]) {
      expect(readAnswer(line)).toBeNull();
    }
  });

  it("does not believe a product that would take long to check or has no shape", () => {
    const product = (fields: object) =>
      readAnswer(JSON.stringify({ kind: "product", equal: true, digest: 1, ...fields }));
    expect(product({ rows: 2, depth: 2, columns: 2, seed: 1 })).not.toBeNull();
    expect(product({ rows: 1e9, depth: 1, columns: 1, seed: 1 })).toBeNull();
    expect(product({ rows: 1, depth: 1 << 17, columns: 1, seed: 1 })).toBeNull();
    expect(product({ rows: -1, depth: 1, columns: 1, seed: 1 })).toBeNull();
    expect(product({ rows: 1, depth: 1, columns: 1 })).toBeNull();
  });
});
