import { describe, expect, it } from "vitest";

import {
  openServiceLine,
  statusWords,
  watchdogMs,
} from "../../../../src-main/processes/daemon/service-manager.ts";
import { sampleStatus } from "../../../integration/api/fake-handlers.ts";

describe("watchdogMs", () => {
  it("is half of what systemd asks for, in whole milliseconds and at most a minute", () => {
    expect(watchdogMs({ WATCHDOG_USEC: "60000000" }, 7)).toBe(30_000);
    expect(watchdogMs({ WATCHDOG_USEC: "1000000", WATCHDOG_PID: "7" }, 7)).toBe(500);
    expect(watchdogMs({ WATCHDOG_USEC: "1" }, 7)).toBe(1);
    expect(watchdogMs({ WATCHDOG_USEC: "86400000000" }, 7)).toBe(60_000);
  });

  it("is none where nothing is asked for, or of another process", () => {
    expect(watchdogMs({}, 7)).toBe(null);
    expect(watchdogMs({ WATCHDOG_USEC: "1000000", WATCHDOG_PID: "8" }, 7)).toBe(null);
    for (const text of ["0", "-1", "1e6", "soon", ""]) {
      expect(watchdogMs({ WATCHDOG_USEC: text }, 7), text).toBe(null);
    }
  });
});

describe("openServiceLine", () => {
  it("takes systemd's names out of what our children see, and is silent without them", () => {
    const environment = { PATH: "/bin", WATCHDOG_USEC: "1000000", WATCHDOG_PID: "7" };
    const line = openServiceLine(environment, 7);
    expect(environment).toEqual({ PATH: "/bin" });
    line.stopping();
    line.close();
  });
});

describe("statusWords", () => {
  it("says what the daemon does, and the code of what stopped it", () => {
    const status = sampleStatus();
    expect(statusWords(status)).toBe("practice: idle");
    const failed = { ...status.mine, state: "failed", code: "MINER_NOT_EXACT" } as const;
    expect(statusWords({ ...status, mine: failed })).toBe("Not mining: MINER_NOT_EXACT");
  });
});
