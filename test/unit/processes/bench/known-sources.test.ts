import { describe, expect, it } from "vitest";
import { BENCH_ENGINES, openSource } from "../../../../src-main/processes/bench/known-sources.ts";

describe("processes/bench/known-sources", () => {
  it("opens each engine under its own name", async () => {
    for (const engine of BENCH_ENGINES) {
      const source = await openSource(engine);
      expect(source?.engine).toBe(engine);
      // What is compared with the reference is what may earn, and the reference itself.
      const isCompared = source?.wrongOps !== undefined || engine === "reference";
      expect(isCompared, engine).toBe(source?.isExact);
    }
  });

  it("knows no other name", async () => {
    for (const name of ["toString", "", "cuda9"]) expect(await openSource(name)).toBeUndefined();
  });

  it("asks little of what is slow", async () => {
    const reference = await openSource("reference");
    const choices = await reference?.choices({ threads: 2, all: false });
    const options = reference?.options(choices![0]);
    expect(options).toMatchObject({ productSize: 128, steps: ["mlp"] });
  });
});
