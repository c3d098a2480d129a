import { describe, expect, it } from "vitest";

import type { UnitResult } from "../../../../src-main/contract/control-api/index.ts";
import { resultLines } from "../../../../src-main/processes/cli/result-lines.ts";
import { SAMPLE_RESULT, SAMPLE_STATUS } from "./sample-status.ts";

describe("resultLines of a paid unit", () => {
  const lines = resultLines(SAMPLE_RESULT, SAMPLE_STATUS);
  const text = lines.join("\n");

  it("says everything a newcomer is promised", () => {
    expect(lines).toEqual([
      "Trained: 2 812 steps, 41.3 steps/s on AMD Ryzen 7 5800X (8 cores), " +
        "native-cpu (avx2, 8 threads)",
      "hold-out accuracy 98.3 % (983 of 1 000 unseen samples)",
      "Checked by a separate process: 4 of 60 segments (sampled), all equal; " +
        "verification cost 7.0 % of training",
      "Hashing and committing: 0.50 % of training; spot checks 0.12 %",
      "Reward paid: 12.40 VIV (practice, no value): worker 10.54 VIV, verifiers 1.24 VIV, " +
        "pool 0.62 VIV",
      "Record slot 1 057, receipt /data/practice/receipts/slot-1057.receipt; " +
        "see it with `vivian wallet receipt 1057`",
    ]);
  });

  it("judges a text by its loss alone", () => {
    const text = { nats: 1.386, bytes: 4_000 };
    const holdout = { correct: 500, total: 1_000, text };
    const words = resultLines({ ...SAMPLE_RESULT, holdout }, SAMPLE_STATUS).join("\n");
    expect(words).toContain(
      "hold-out loss 1.386 nats per token, perplexity 4.0, 0.500 bits per byte " +
        "(1 000 unseen tokens)",
    );
    expect(words).not.toContain("accuracy");
  });

  it("says the accuracy exactly once", () => {
    expect(text.match(/hold-out accuracy \d+\.\d %/g)).toHaveLength(1);
    expect(text.match(/accuracy/g)).toHaveLength(1);
  });

  it("does not call a reward what its owner has paid", () => {
    const payments = SAMPLE_RESULT.payments.map((payment) => ({ ...payment, minted: false }));
    const own = resultLines({ ...SAMPLE_RESULT, payments }, SAMPLE_STATUS).join("\n");
    expect(own).toContain("Price paid from your escrow: 12.40 VIV (practice, no value): worker ");
    expect(own).not.toContain("Reward");
  });

  it("calls a full replay that", () => {
    const full = { ...SAMPLE_RESULT, segmentsChecked: 60, fullReplay: true };
    expect(resultLines(full, SAMPLE_STATUS).join()).toContain("60 of 60 segments (full replay)");
  });

  it("leaves out what was not measured instead of calling it zero", () => {
    const cost = { commitPercent: null, spotPercent: null, verifyPercent: null };
    const bare = { ...SAMPLE_RESULT, holdout: null, cost, stepsPerSecond: null };
    const words = resultLines(bare, SAMPLE_STATUS).join("\n");
    expect(words).not.toMatch(/accuracy|verification cost|Hashing|steps\/s|NaN|null/);
  });
});

describe("resultLines of a voided unit", () => {
  it("says what happened, what is safe and what to do, and does not say paid", () => {
    const voided: UnitResult = {
      ...SAMPLE_RESULT,
      outcome: "voided",
      code: "PROCESSES_UNIT_VOIDED",
      facts: { segment: 3 },
      payments: [],
    };
    const words = resultLines(voided, SAMPLE_STATUS).join("\n");
    expect(words).toContain("without pay");
    expect(words).toContain("segment 3");
    expect(words).toContain("Safe: ");
    expect(words).not.toContain("Reward");
  });
});
