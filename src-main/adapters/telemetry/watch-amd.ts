/**
 * Decides what is read of an AMD card each second, all from files of the driver amdgpu that every
 * account may read. The card's temperature is that of its edge; junction and memory, which run
 * hotter by design, are told beside it with the limit of each.
 * @source kernel documentation, gpu/amdgpu/thermal
 */

import { join } from "node:path";

import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type {
  HeatPlace,
  HeatSensor,
  ThrottleReason,
  WatchedDevice,
} from "../../ports/device-telemetry.ts";
import { readGpuMetrics } from "./gpu-metrics.ts";
import { sleeps } from "./graphics-cards.ts";
import type { GraphicsCard } from "./graphics-cards.ts";
import { HwmonChip } from "./hwmon-chip.ts";
import { firstNumber, KeptFile, textOf } from "./kept-file.ts";
import { powerCap } from "./power-cap.ts";
import type { PowerCap } from "./power-cap.ts";

/** How amdgpu labels its temperatures. */
const HEAT_LABELS: readonly (readonly [label: string, place: HeatPlace])[] = [
  ["edge", "edge"],
  ["junction", "junction"],
  ["mem", "memory"],
];

/** A device with what sets its limit of power, where its driver shows that. */
export interface DriverDevice extends WatchedDevice {
  readonly cap?: PowerCap;
}

/** An AMD card as a watched device. */
export function watchAmd(card: GraphicsCard, id: string, nowMs: () => number): DriverDevice {
  const file = (name: string) => firstNumber([join(card.device, name)]);
  const busy = file("gpu_busy_percent");
  const used = file("mem_info_vram_used");
  const total = file("mem_info_vram_total");
  const chip = card.chips.length === 0 ? null : new HwmonChip(card.chips[0]);
  const core = chip?.megahertz("freq1_input") ?? (() => null);
  const memory = chip?.megahertz("freq2_input") ?? (() => null);
  const coreTable = clockTable(card, "pp_dpm_sclk");
  const memoryTable = clockTable(card, "pp_dpm_mclk");
  const slowed = slowedBy(card);
  const asleep = sleeps(card);
  const named = textOf(join(card.device, "unique_id"));
  const cap = chip === null ? null : powerCap(card.chips[0], `amd-${named || card.place}`);
  return {
    id,
    name: textOf(join(card.device, "product_name")) || `AMD graphics at ${card.place}`,
    source: "amdgpu",
    ...(slowed.why === null ? {} : { notes: [`Why it is slowed is not told: ${slowed.why}.`] }),
    ...(cap === null ? {} : { cap }),
    sample() {
      const atMs = nowMs();
      if (asleep.read()) return { atMs, ...NOTHING_TOLD };
      const percent = busy?.number() ?? null;
      const power = chip?.power(atMs);
      return {
        atMs,
        ...NOTHING_TOLD,
        utilisation: percent === null ? null : Math.min(1, Math.max(0, percent / 100)),
        memoryUsedBytes: used?.number() ?? null,
        memoryTotalBytes: total?.number() ?? null,
        celsius: chip?.celsius("edge") ?? chip?.celsius() ?? null,
        fan: chip?.fan() ?? null,
        clockMhz: core() ?? coreTable.read(),
        memoryClockMhz: memory() ?? memoryTable.read(),
        watts: power?.watts ?? null,
        limitWatts: chip?.limitWatts() ?? null,
        energyMillijoules: power?.millijoules ?? null,
        throttle: slowed.read(),
        ...heatOf(chip),
      };
    },
    close() {
      chip?.close();
      for (const one of [busy, used, total, coreTable, memoryTable, slowed, asleep]) one?.close();
    },
  };
}

/** Every temperature that has a label; nothing where the driver labels none. */
function heatOf(chip: HwmonChip | null): { readonly heat?: readonly HeatSensor[] } {
  const heat = HEAT_LABELS.flatMap(([label, place]) => {
    const told = chip?.heat(label) ?? null;
    return told === null ? [] : [{ place, ...told }];
  });
  return heat.length === 0 ? {} : { heat };
}

/** Why the card is slowed, by its table; `why` says once why that is not known. */
function slowedBy(card: GraphicsCard) {
  const file = new KeptFile(join(card.device, "gpu_metrics"));
  const read = (): ReturnType<typeof readGpuMetrics> | null => {
    const bytes = file.bytes();
    return bytes === null ? null : readGpuMetrics(bytes);
  };
  const first = read();
  const why =
    first === null ? "the driver has no gpu_metrics here" : first.isTold ? null : first.why;
  return {
    why,
    read(): readonly ThrottleReason[] {
      const now = why === null ? read() : null;
      return now?.isTold === true ? now.throttle : [];
    },
    close: () => file.close(),
  };
}

/** Lines such as "1: 1750Mhz *": the marked one is the clock now. */
function clockTable(card: GraphicsCard, name: string) {
  const path = join(card.device, name);
  const file = textOf(path) === null ? null : new KeptFile(path);
  return {
    read(): number | null {
      const marked = /^\d+: (\d+)Mhz \*$/im.exec(file?.text() ?? "")?.[1];
      return marked === undefined ? null : Number(marked);
    },
    close: () => file?.close(),
  };
}
