/**
 * Decides what is read of an Intel card each second: i915 and xe show energy as a counter, which
 * becomes watts, and the time in which the engines slept, which becomes the share they did not.
 * @source kernel documentation, ABI/testing/sysfs-driver-intel-i915-hwmon and -xe-hwmon
 */

import { join } from "node:path";

import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { ThrottleReason, WatchedDevice } from "../../ports/device-telemetry.ts";
import { sleeps } from "./graphics-cards.ts";
import type { GraphicsCard } from "./graphics-cards.ts";
import { HwmonChip } from "./hwmon-chip.ts";
import { firstNumber } from "./kept-file.ts";
import type { KeptFile } from "./kept-file.ts";

/** Files that are 1 while a reason holds, in the folder of the first engine group. */
const REASONS: readonly (readonly [string, ThrottleReason])[] = [
  ["throttle_reason_thermal", "heat"],
  ["throttle_reason_prochot", "hardware-slowdown"],
  ["throttle_reason_pl1", "power-limit"],
  ["throttle_reason_pl2", "power-limit"],
  ["throttle_reason_pl4", "power-limit"],
  ["throttle_reason_ratl", "heat"],
  ["throttle_reason_vr_thermalert", "heat"],
];

/** An Intel card as a watched device. */
export function watchIntel(card: GraphicsCard, id: string, nowMs: () => number): WatchedDevice {
  const { path, device } = card;
  const clock = firstNumber([
    join(path, "gt/gt0/rps_act_freq_mhz"),
    join(path, "gt_act_freq_mhz"),
    join(device, "tile0/gt0/freq0/act_freq"),
  ]);
  const asleep = firstNumber([
    join(path, "gt/gt0/rc6_residency_ms"),
    join(path, "power/rc6_residency_ms"),
    join(device, "tile0/gt0/gtidle/idle_residency_ms"),
  ]);
  const reasons = reasonFiles(card);
  const chip = card.chips.length === 0 ? null : new HwmonChip(card.chips[0]);
  const awake = awakeShare(asleep);
  const sleeping = sleeps(card);
  return {
    id,
    name: `Intel graphics at ${card.place}`,
    source: card.driver === "" ? "intel" : card.driver,
    sample() {
      const atMs = nowMs();
      if (sleeping.read()) return { atMs, ...NOTHING_TOLD };
      const power = chip?.power(atMs);
      return {
        atMs,
        ...NOTHING_TOLD,
        utilisation: awake(atMs),
        celsius: chip?.celsius("pkg", "temp1") ?? chip?.celsius() ?? null,
        fan: chip?.fan() ?? null,
        clockMhz: clock?.number() ?? null,
        watts: power?.watts ?? null,
        limitWatts: chip?.limitWatts() ?? null,
        energyMillijoules: power?.millijoules ?? null,
        throttle: [
          ...new Set(reasons.filter(([file]) => file.number() === 1).map(([, why]) => why)),
        ],
      };
    },
    close() {
      chip?.close();
      sleeping.close();
      for (const file of [clock, asleep, ...reasons.map(([one]) => one)]) file?.close();
    },
  };
}

function reasonFiles({ path, device }: GraphicsCard): (readonly [KeptFile, ThrottleReason])[] {
  return REASONS.flatMap(([name, why]) => {
    const short = name.replace("throttle_reason_", "reason_");
    const file = firstNumber([
      join(path, "gt/gt0", name),
      join(device, "tile0/gt0/freq0/throttle", short),
    ]);
    return file === null ? [] : [[file, why] as const];
  });
}

/** The share of time since the reading before in which the engines did not sleep. */
function awakeShare(asleep: KeptFile | null): (atMs: number) => number | null {
  let last: { readonly sleptMs: number; readonly atMs: number } | null = null;
  return (atMs) => {
    const sleptMs = asleep?.number() ?? null;
    const before = last;
    last = sleptMs === null ? null : { sleptMs, atMs };
    if (sleptMs === null || before === null) return null;
    const passed = atMs - before.atMs;
    // The counter has 32 bits in older drivers; a step back says nothing of this second.
    if (passed <= 0 || sleptMs < before.sleptMs) return null;
    return Math.min(1, Math.max(0, 1 - (sleptMs - before.sleptMs) / passed));
  };
}
