import { describe, expect, it } from "vitest";

import { STOP_WITHIN_MS } from "../../../../src-main/processes/daemon/stopping.ts";
import {
  PACKAGED_PROGRAM,
  SYSTEM_CONFIG,
  SYSTEM_USER,
  systemdUnit,
  TIMEOUT_STOP_SECONDS,
  unitWord,
} from "../../../../src-main/processes/service/systemd-unit.ts";

const system = { scope: "system", program: PACKAGED_PROGRAM, config: SYSTEM_CONFIG } as const;
const user = { scope: "user", program: PACKAGED_PROGRAM, config: null } as const;

const PACKAGING = "../../../../packaging";

/** Directives of a unit by name; a name may come more than once. */
function directives(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value ?? ""]);
  }
  return found;
}

describe("systemdUnit", () => {
  it("is what the packages bring; -u writes them again", async () => {
    const text = systemdUnit({ ...system, home: null });
    await expect(text).toMatchFileSnapshot(`${PACKAGING}/systemd/vivian.service`);
    await expect(SYSTEM_USER).toMatchFileSnapshot(`${PACKAGING}/systemd/vivian-sysusers.conf`);
    const own = systemdUnit({ ...user, home: null });
    await expect(own).toMatchFileSnapshot(`${PACKAGING}/vivian.service`);
  });

  it("gives a stop more time than the daemon takes, and kills none of its own ends early", () => {
    for (const wish of [system, user]) {
      const found = directives(systemdUnit({ ...wish, home: null }));
      expect(found.get("TimeoutStopSec")).toEqual([String(TIMEOUT_STOP_SECONDS)]);
      expect(TIMEOUT_STOP_SECONDS * 1_000).toBeGreaterThanOrEqual(2 * STOP_WITHIN_MS);
      expect(found.get("Type")).toEqual(["notify"]);
      expect(Number(found.get("WatchdogSec")?.[0])).toBeGreaterThan(0);
      expect(found.get("Restart")).toEqual(["on-failure"]);
      expect(Number(found.get("StartLimitBurst")?.[0])).toBeGreaterThan(0);
      expect(found.has("MemoryMax")).toBe(true);
    }
  });

  it("closes the system's service: its own user, no rights, accelerators alone", () => {
    const found = directives(systemdUnit({ ...system, home: null }));
    expect(found.get("User")).toEqual(["vivian"]);
    expect(found.get("ProtectSystem")).toEqual(["strict"]);
    expect(found.get("CapabilityBoundingSet")).toEqual([""]);
    expect(found.get("DevicePolicy")).toEqual(["closed"]);
    expect(found.get("SupplementaryGroups")).toEqual(["render video"]);
    for (const device of found.get("DeviceAllow") ?? []) {
      expect(device).toMatch(/^char-(drm|nvidia\*|kfd|accel|vfio|apex) rw$/);
    }
    expect(found.get("DeviceAllow")).toHaveLength(6);
  });

  it("names the folder and the settings that a person's service was made for", () => {
    const text = systemdUnit({ ...user, config: "/home/a b/x.toml", home: "/data/50%" });
    expect(text).toContain('up --config "/home/a b/x.toml"');
    expect(text).toContain("Environment=VIVIAN_HOME=/data/50%%");
  });
});

describe("unitWord", () => {
  it("is read by systemd as it was meant", () => {
    expect(unitWord("/usr/bin/vivian")).toBe("/usr/bin/vivian");
    expect(unitWord("/opt/VIVIAN Miner/x")).toBe('"/opt/VIVIAN Miner/x"');
    expect(unitWord('a"b\\c')).toBe('"a\\"b\\\\c"');
    expect(unitWord("50%$HOME")).toBe("50%%$$HOME");
  });
});
