import { describe, expect, it } from "vitest";

import type { Quote } from "../../../../src-main/contract/control-api/index.ts";
import { quoteLines } from "../../../../src-main/processes/cli/quote-lines.ts";
import { SAMPLE_DATA, textSet } from "../daemon/sample-set.ts";

const QUOTE: Quote = {
  quote: "00".repeat(32),
  data: SAMPLE_DATA,
  model: "dense 64, dense 64, dense 3; learns by AdamW",
  modelChosen: true,
  steps: 1_500,
  stepsRule: "least",
  batchSize: 16,
  trainMs: 310,
  priceBase: "27000000000000000",
  feeBase: "1000000000000000",
  wallet: null,
  balanceBase: "1000000000000000000000",
  proof: { segments: 57, sampled: 3, fullPermille: 50 },
  valueNote: "practice, no value",
};

describe("quoteLines", () => {
  it("says data, model, time, price and who can read the data", () => {
    expect(quoteLines(QUOTE)).toEqual([
      "Data iris.csv: 150 rows of 4 numbers, 3 classes; every tenth of each class held out (15)",
      "Classes: setosa, versicolor, virginica",
      "Model: dense 64, dense 64, dense 3; learns by AdamW (a multi-layer perceptron, chosen " +
        "because the data is a table)",
      "Training: 1 500 steps of 16 samples (about 178 passes over the data; 5 passes over so " +
        "little data would be too few), about a second here",
      "Price: 0.027 VIV (practice, no value) from your balance of 1 000.00 VIV, paid when the " +
        "result is checked, else it goes back",
      "Whoever works on a job can read its data; on the practice network that is this machine " +
        "only.",
    ]);
  });

  it("names at most ten classes and counts the others", () => {
    const classNames = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const lines = quoteLines({ ...QUOTE, data: { ...SAMPLE_DATA, classNames } });
    expect(lines[1]).toBe("Classes: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more");
  });

  it("says of a text how it is cut and why it is a GPT", () => {
    const { data } = textSet();
    const text = quoteLines({ ...QUOTE, data, steps: 1_000, stepsRule: "epochs" }).join("\n");
    expect(text).toContain("(a small GPT, chosen because the data is text)");
    expect(text).toContain("1 000 steps of 16 blocks of 128 tokens (about 7.6 passes over");
    expect(text).not.toMatch(/Classes|sample/);
  });

  it("gives no reason for what its owner asked for", () => {
    const text = quoteLines({ ...QUOTE, modelChosen: false, stepsRule: "asked", steps: 9 }).join();
    expect(text).toContain("(yours)");
    expect(text).toContain("9 steps of 16 samples (about 1.1 passes over the data), about");
    expect(text).not.toMatch(/chosen|too few|ten minutes/);
  });
});
