import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import { linuxOnBattery } from "../../../../src-main/adapters/machine/power-source.ts";
import { SystemFolder } from "../../../worlds/system-folder.ts";

const made: SystemFolder[] = [];
afterEach(() => made.splice(0).forEach((folder) => folder.remove()));

const onBatteryWith = (supplies: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
  const folder = new SystemFolder();
  made.push(folder);
  folder.write({ "sys/class/power_supply/.keep": "" });
  for (const [name, files] of Object.entries(supplies)) {
    for (const [file, text] of Object.entries(files)) {
      folder.write({ [`sys/class/power_supply/${name}/${file}`]: text });
    }
  }
  return linuxOnBattery(join(folder.system, "class/power_supply"));
};

describe("linuxOnBattery", () => {
  const battery = (status: string) => ({ type: "Battery", scope: "System", status });

  it("tells a laptop with its cable from one without", async () => {
    const mains = (online: string) => ({ type: "Mains", online });
    expect(await onBatteryWith({ BAT0: battery("Discharging"), AC: mains("0") })).toBe(true);
    expect(await onBatteryWith({ BAT0: battery("Charging"), AC: mains("1") })).toBe(false);
    expect(await onBatteryWith({ BAT0: battery("Not charging"), AC: mains("1") })).toBe(false);
    expect(await onBatteryWith({ BAT0: battery("Discharging") })).toBe(true);
    expect(await onBatteryWith({ BAT0: battery("Full"), AC: mains("0") })).toBe(true);
  });

  it("takes no mouse for a battery, and knows that a desktop has none", async () => {
    const mouse = { type: "Battery", scope: "Device", status: "Discharging" };
    expect(await onBatteryWith({ hidpp_battery_0: mouse })).toBe(false);
    const charging = { type: "USB", scope: "Device", online: "1" };
    const laptop = { BAT0: battery("Discharging"), hidpp_charger_0: charging };
    expect(await onBatteryWith(laptop)).toBe(true);
    expect(await onBatteryWith({})).toBe(false);
  });

  it("does not know where a battery does not tell, or where there is no such folder", async () => {
    expect(await onBatteryWith({ BAT0: battery("Unknown") })).toBeNull();
    expect(await linuxOnBattery("/no/such/folder")).toBeNull();
  });
});
