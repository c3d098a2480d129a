import { describe, expect, it } from "vitest";
import { adamWSequences, runAdamW } from "../../generators/optimizer-run.ts";
import { nativeVariants } from "./cases.ts";

describe.skipIf(nativeVariants.length === 0)("AdamW on native-cpu", () => {
  it.each(nativeVariants.map((backend) => [backend.variant, backend] as const))(
    "has the vectors' states after every step at %s",
    async (_variant, backend) => {
      for (const sequence of adamWSequences()) {
        expect(await runAdamW(backend, sequence)).toEqual(sequence.steps);
      }
    },
  );
});
