import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import { powerCap } from "../../../../src-main/adapters/telemetry/power-cap.ts";
import { SystemFolder } from "../../../worlds/system-folder.ts";

const made: SystemFolder[] = [];
afterEach(() => made.splice(0).forEach((folder) => folder.remove()));

/** A chip as amdgpu shows it: microwatts. */
function chip(files: Readonly<Record<string, number>> = {}): string {
  const folder = new SystemFolder();
  made.push(folder);
  const shown = {
    power1_cap: 263_000_000,
    power1_cap_min: 100_000_000,
    power1_cap_max: 303_000_000,
    ...files,
  };
  folder.write(
    Object.fromEntries(Object.entries(shown).map(([name, value]) => [`sys/hwmon3/${name}`, value])),
  );
  return join(folder.system, "hwmon3");
}

const shown = (folder: string) => Number(readFileSync(join(folder, "power1_cap"), "utf8"));
const system = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

describe("powerCap", () => {
  it("sets whole watts within the card's bounds, never above what was found", () => {
    const folder = chip();
    const cap = powerCap(folder, "amd-1");
    expect(cap).toMatchObject({ key: "amd-1", leastWatts: 100, file: join(folder, "power1_cap") });
    expect(cap?.limit({ watts: null, mostWatts: null })).toMatchObject({ before: 263, now: 263 });
    expect(cap?.limit({ watts: 180.9, mostWatts: 263 })).toEqual({
      outcome: "done",
      why: "",
      before: 263,
      now: 180,
    });
    expect(shown(folder)).toBe(180_000_000);
    expect(cap?.limit({ watts: 20, mostWatts: 263 })).toMatchObject({ outcome: "done", now: 100 });
    expect(cap?.limit({ watts: 300, mostWatts: 263 })).toMatchObject({ now: 263 });
    // Without a word of what was found, what is now is the most.
    expect(cap?.limit({ watts: 290, mostWatts: null })).toMatchObject({ now: 263 });
    expect(cap?.limit({ watts: 999, mostWatts: 999 })).toMatchObject({ now: 303 });
  });

  it("tells a card nothing that shows no cap or no bounds", () => {
    expect(powerCap(chip({ power1_cap: 0 }), "amd-1")).toBeNull();
    expect(powerCap(chip({ power1_cap_max: 0 }), "amd-1")).toBeNull();
    expect(powerCap("/nowhere", "amd-1")).toBeNull();
    expect(powerCap(chip({ power1_cap_min: 0 }), "amd-1")?.leastWatts).toBe(1);
  });

  it("says why it was not set, and believes only what it reads", () => {
    const folder = chip();
    const asked = (write: (file: string, text: string) => void) =>
      powerCap(folder, "amd-1", write)?.limit({ watts: 150, mostWatts: 263 });
    const kept = { before: 263, now: 263 };
    expect(asked(system("EACCES"))).toMatchObject({ outcome: "no-permission", ...kept });
    expect(asked(system("EROFS"))).toMatchObject({ outcome: "no-permission", ...kept });
    expect(asked(system("EINVAL"))).toMatchObject({ outcome: "failed", ...kept });
    expect(asked(() => undefined)).toMatchObject({ outcome: "failed", ...kept });
    expect(asked((file) => writeFileSync(file, "160000000"))).toMatchObject({
      outcome: "failed",
      before: 263,
      now: 160,
    });
  });
});
