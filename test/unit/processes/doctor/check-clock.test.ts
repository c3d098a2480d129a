import { describe, expect, it } from "vitest";
import { checkClock, watchClock } from "../../../../src-main/processes/doctor/check-clock.ts";

const NOW = Date.UTC(2030, 0, 1);
const steady = { wallMs: 60, monotonicMs: 61, nowMs: NOW };

describe("processes/doctor/check-clock", () => {
  it("is content with a steady clock after the last commit, or up to 2 s before it", () => {
    for (const last of [null, NOW - 5_000, NOW + 2_000]) {
      expect(checkClock(steady, last).verdict).toBe("ok");
    }
  });

  it("finds a clock behind the last commit and says how to mend it", () => {
    const finding = checkClock(steady, NOW + 3_600_000);
    expect(finding.verdict).toBe("fault");
    expect(finding.text).toContain("before the last commit");
    expect(finding.next).toContain("NTP");
  });

  it("notices a clock that jumps or runs backwards", () => {
    expect(checkClock({ ...steady, wallMs: 5_060 }, null).verdict).toBe("attention");
    expect(checkClock({ ...steady, wallMs: -10, monotonicMs: 10 }, null).verdict).toBe("attention");
  });

  it("watches both clocks of this machine", async () => {
    const watch = await watchClock();
    expect(watch.monotonicMs).toBeGreaterThan(50);
    expect(watch.nowMs).toBeGreaterThan(NOW - 10 * 365 * 86_400_000);
  });
});
