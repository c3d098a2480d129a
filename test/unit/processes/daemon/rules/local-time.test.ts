import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { localTimeIn } from "../../../../../src-main/processes/daemon/rules/local-time.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

describe("localTimeIn", () => {
  it("shows what the system's own clock of the zone shows, over changes of the clock too", () => {
    const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"];
    const moment = fc.integer({ min: 946_684_800_000, max: 2_208_988_800_000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, ms) => {
        const shown = new Intl.DateTimeFormat("en-GB", {
          timeZone: zone,
          weekday: "short",
          hour: "2-digit",
          minute: "2-digit",
          hourCycle: "h23",
        }).formatToParts(ms);
        const part = (type: string) => shown.find((one) => one.type === type)?.value ?? "";
        const { minutes, weekday } = localTimeIn(zone)(ms);
        expect(minutes).toBe(Number(part("hour")) * 60 + Number(part("minute")));
        expect(DAYS[weekday]).toBe(part("weekday"));
      }),
      { numRuns: 200 },
    );
  });
});
