/**
 * Decides what counts the energy of a graphics device that is measured: the one device of that
 * name, or UUID, that NVIDIA's library knows. Where two of a name cannot be told apart, neither is
 * metered.
 */

import { plainName } from "../../adapters/machine/index.ts";
import { openNvml } from "../../adapters/nvml/index.ts";
import type { Nvml } from "../../adapters/nvml/index.ts";
import type { JoulesCounter } from "../../miner/index.ts";
import type { Meter } from "../../ports/meter.ts";

/** A counter with who it is; ended by its opener. */
export interface GraphicsCounter extends JoulesCounter {
  readonly name: string;
  readonly tier: string;
  close(): Promise<void>;
}

/** Registers move some ten times a second: a shorter measurement would read single ticks. */
export const METERED_EACH_MS = 1_500;

/** Whether what an engine calls a device holds the name that the driver gives it. */
function isNamed(adapter: string, name: string): boolean {
  return plainName(adapter).includes(plainName(name));
}

/**
 * Opens the counter of a device; null where nothing counts it.
 * @param device  as the engine calls it
 * @param uuid    its own; absent where the engine does not say
 */
export async function openGraphicsCounter(
  device: string,
  uuid?: string,
): Promise<GraphicsCounter | null> {
  const opened = await openNvml();
  if (opened.state !== "open") return null;
  const { nvml } = opened;
  const counter = graphicsCounter(device, nvml, uuid);
  if (counter === null) nvml.close();
  return counter;
}

/** The counter of a device among those that are open. */
export function graphicsCounter(
  device: string,
  nvml: Pick<Nvml, "listing" | "meters" | "close">,
  uuid?: string,
): GraphicsCounter | null {
  const { devices } = nvml.listing;
  const same = devices.filter((one) => uuid !== undefined && one.uuid === uuid);
  const named = same.length > 0 ? same : devices.filter(({ name }) => isNamed(device, name));
  if (named.length !== 1 || !named[0].countsEnergy) return null;
  const id = (one: (typeof devices)[number]) => one.uuid ?? String(one.index);
  const meter = nvml.meters(id).find(({ identity }) => identity.device === id(named[0]));
  if (meter === undefined) return null;
  const { makeModel, tier } = meter.identity;
  return {
    name: makeModel ?? device,
    tier,
    joules: () => joulesOf(meter),
    close: async () => {
      await meter.close();
      nvml.close();
    },
  };
}

async function joulesOf(meter: Meter): Promise<number> {
  const { register } = await meter.read();
  return (register?.millijoules ?? 0) / 1_000;
}
