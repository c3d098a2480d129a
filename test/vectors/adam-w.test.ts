import { describe, expect, it } from "vitest";
import { ReferenceBackend } from "../../src-main/engine/index.ts";
import { adamWSequences, runAdamW } from "../generators/optimizer-run.ts";

describe("the vectors of AdamW", () => {
  it("hold for every state after every step", async () => {
    const sequences = adamWSequences();
    expect(sequences.length).toBe(4);
    for (const sequence of sequences) {
      expect(await runAdamW(new ReferenceBackend(), sequence)).toEqual(sequence.steps);
    }
  });

  it("notice any hyper-parameter that is a little off", async () => {
    const sequence = adamWSequences()[2];
    const { optimizer } = sequence;
    for (const key of ["beta1", "beta2", "epsilon", "weightDecay"] as const) {
      // Epsilon is added to roots that are mostly much larger.
      const factor = key === "epsilon" ? 1.01 : 1 + 2e-7;
      const changed = { ...optimizer, [key]: optimizer[key] * factor };
      const made = await runAdamW(new ReferenceBackend(), { ...sequence, optimizer: changed });
      expect(made, key).not.toEqual(sequence.steps);
    }
    const [first, ...others] = optimizer.schedule;
    const schedule = [{ ...first, rate: first.rate * (1 + 2e-7) }, ...others];
    const changed = { ...optimizer, schedule };
    const made = await runAdamW(new ReferenceBackend(), { ...sequence, optimizer: changed });
    expect(made).not.toEqual(sequence.steps);
  });
});
