import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { progressLine, progressLines } from "../../../../src-main/processes/cli/progress-lines.ts";
import { SAMPLE_STATUS, statusWith } from "./sample-status.ts";

describe("progressLines", () => {
  it("shows bar, step, loss, accuracy, speed and time left", () => {
    const [first, second] = progressLines(SAMPLE_STATUS, 80);
    expect(first).toMatch(/^digits-cnn {2}▓+░+ {2}45 % {2}step 1 293 of 2 812$/);
    expect(second).toBe("training, loss 0.093, accuracy 97.8 %, 41.3 steps/s, about 37 s left");
  });

  it("never fills a line, whatever the terminal's width, for a full line would wrap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 300 }),
        fc.constantFrom("training", "verifying", "revealed", "sealed"),
        fc.string({ maxLength: 64 }),
        (columns, phase, jobName) => {
          const status = statusWith({ phase, jobName, segmentsDrawn: 4 } as never);
          for (const line of progressLines(status, columns)) {
            expect([...line].length).toBeLessThan(columns);
          }
        },
      ),
    );
  });

  it("drops the bar before anything else when there is no room", () => {
    const [first] = progressLines(SAMPLE_STATUS, 44);
    expect(first).not.toContain("▓");
    expect(first).toContain("step 1 293 of 2 812");
  });

  it("says 100 % only when every step is done", () => {
    expect(progressLines(statusWith({ step: 2_811 }), 80)[0]).toContain(" 99 %");
    expect(progressLines(statusWith({ step: 2_812 }), 80)[0]).toContain("100 %");
    expect(progressLines(statusWith({ step: 0, steps: 0 }), 80)[0]).toContain("  0 %");
  });

  it("says who checks and how far the check is", () => {
    const [, second] = progressLines(
      statusWith({ phase: "verifying", step: 2_812, segmentsDrawn: 4, segmentsChecked: 3 }),
      100,
    );
    expect(second).toBe("a separate process is checking: 3 of 4 segments");
  });
});

describe("progressLine", () => {
  it("is one line with everything", () => {
    expect(progressLine(SAMPLE_STATUS)).toBe(
      "digits-cnn: step 1 293 of 2 812 (45 %), training, loss 0.093, accuracy 97.8 %, " +
        "41.3 steps/s, about 37 s left",
    );
  });

  it("tells a text's loss for what it is, and no accuracy", () => {
    const line = progressLine(statusWith({ task: "text", loss: 1.5, accuracy: null }));
    expect(line).toContain("training, loss 1.500 nats per token, perplexity 4.5, 41.3 steps/s");
    expect(line).not.toContain("accuracy");
  });

  it("leaves out what is not known yet", () => {
    const unknown = { loss: null, accuracy: null, stepsPerSecond: null, trainLeftMs: null };
    expect(progressLine(statusWith({ ...unknown, step: 0 }))).toBe(
      "digits-cnn: step 0 of 2 812 (0 %), training",
    );
  });

  it("says why nothing moves", () => {
    const paused = statusWith(null);
    const mine = { ...paused.mine, state: "paused" } as const;
    expect(progressLine({ ...paused, mine })).toContain("vivian mine start");
    expect(progressLine(statusWith(null))).toBe("Waiting for work.");
  });
});
