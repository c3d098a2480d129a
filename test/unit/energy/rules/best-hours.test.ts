import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { planHours } from "../../../../src-main/energy/rules/best-hours.ts";
import type { HoursPlan } from "../../../../src-main/energy/rules/best-hours.ts";
import { HOUR_MS, hourly, MONDAY, timesAt } from "../../../worlds/rule-world.ts";

/** Runs a day in steps of 10 minutes; answers the minutes in which the rule ran. */
const minutesRun = (
  hours: number,
  before: number,
  priceAt: (hour: number, now: number) => number,
  fromHour: number,
  toHour: number,
) => {
  let plan: HoursPlan | null = null;
  let minutes = 0;
  for (let step = fromHour * 6; step < toHour * 6; step += 1) {
    const now = step / 6;
    const first = Math.floor(now);
    const points = hourly(
      Array.from({ length: 48 }, (_, index) => priceAt(first + index, first)),
      first,
    );
    const planned = planHours({ hours, before: before * 60 }, plan, points, timesAt(now));
    plan = planned.plan;
    if (planned.isIn) minutes += 10;
  }
  return minutes;
};

describe("planHours", () => {
  it("takes the cheapest hours before the time, ties the earlier", () => {
    const points = hourly([5, 1, 3, 1, 9, 2, 8, 7, 0, 0]);
    const { plan, isIn } = planHours({ hours: 3, before: 7 * 60 }, null, points, timesAt(0));
    expect(isIn).toBe(false);
    expect(plan).toEqual({
      endMs: MONDAY + 7 * HOUR_MS,
      taken: [],
      ahead: [1, 3, 5].map((hour) => MONDAY + hour * HOUR_MS),
    });
  });

  it("knows nothing where no forecast covers this hour", () => {
    const asked = { hours: 3, before: 420 };
    expect(planHours(asked, null, [], timesAt(0)).plan).toBeNull();
    expect(planHours(asked, null, hourly([1, 2], 3), timesAt(0)).plan).toBeNull();
  });

  it("joins forecasts of a quarter of an hour to hours", () => {
    const quarters = [9, 9, 9, 9, 1, 1, 1, 9].map((value, index) => {
      const startMs = MONDAY + index * 900_000;
      return { startMs, endMs: startMs + 900_000, value };
    });
    const { plan } = planHours({ hours: 1, before: 120 }, null, quarters, timesAt(0));
    expect(plan?.ahead).toEqual([MONDAY + HOUR_MS]);
  });

  it("goes on with an hour that has begun when its price rises", () => {
    const asked = { hours: 1, before: 420 };
    const cheap = planHours(asked, null, hourly([1, 5, 5, 5, 5, 5, 5]), timesAt(0));
    expect(cheap.isIn).toBe(true);
    const dear = hourly([9, 0, 5, 5, 5, 5, 5]);
    const later = planHours(asked, cheap.plan, dear, timesAt(0.5));
    expect(later.isIn).toBe(true);
    expect(later.plan?.ahead).toEqual([]);
  });

  it("runs the hours asked for in each window, whatever the forecasts do in between", () => {
    const prices = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 97, maxLength: 97 });
    const asked = fc.tuple(fc.integer({ min: 1, max: 23 }), fc.integer({ min: 0, max: 23 }));
    fc.assert(
      fc.property(prices, asked, (values, [hours, before]) => {
        // Every hour another forecast.
        const priceAt = (hour: number, now: number) => values[(hour * 7 + now * 13) % 97];
        const begin = before;
        expect(minutesRun(hours, before, priceAt, begin, begin + 24)).toBe(hours * 60);
      }),
      { numRuns: 40 },
    );
  });
});
