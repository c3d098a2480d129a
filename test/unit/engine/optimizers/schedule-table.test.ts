import { describe, expect, it } from "vitest";
import { linearSchedule } from "../../../../src-main/engine/optimizers/schedule-table.ts";

describe("linearSchedule", () => {
  it("draws a line as entries at equal distances that end at the corner", () => {
    const corners = [
      { step: 1, rate: 0.001 },
      { step: 101, rate: 0.011 },
      { step: 103, rate: 0.001 },
    ];
    expect(linearSchedule(corners, 4)).toEqual([
      { step: 1, rate: 0.001 },
      { step: 26, rate: 0.0035 },
      { step: 51, rate: 0.006 },
      { step: 76, rate: 0.0085 },
      { step: 101, rate: 0.011 },
      { step: 102, rate: 0.006 },
      { step: 103, rate: 0.001 },
    ]);
  });

  it("keeps one corner as it is, and ascends whatever the distances are", () => {
    expect(linearSchedule([{ step: 1, rate: 0.123456789012 }], 9)).toEqual([
      { step: 1, rate: 0.123456789012 },
    ]);
    for (let steps = 2; steps < 60; steps += 1) {
      const table = linearSchedule(
        [
          { step: 1, rate: 1 },
          { step: steps, rate: 0 },
        ],
        7,
      );
      expect(table[0].step).toBe(1);
      expect(table.every(({ step }, at) => at === 0 || step > table[at - 1].step)).toBe(true);
      expect(table.every(({ rate }, at) => at === 0 || rate < table[at - 1].rate)).toBe(true);
    }
  });
});
