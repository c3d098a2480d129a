/**
 * Decides when graphics devices are looked at: beside the start, which must not wait for drivers,
 * and only where the system lists one. What is chosen to train was checked before the start.
 */

import { isNvidia, plainName } from "../../adapters/machine/index.ts";
import type { GraphicsEngine, Inventory, KnownGraphics } from "../../adapters/machine/index.ts";
import type { ChosenEngine } from "./choose-engine.ts";
import { probeCuda } from "./probe-cuda.ts";
import { probeGraphics } from "./probe-graphics.ts";
import type { StopStep } from "./stopping.ts";

/** Looks at the devices; what is known of them is asked for as often as one likes. */
export function watchGraphics(
  inventory: Inventory,
  { graphics, choice: why }: ChosenEngine,
  stops: StopStep[],
): () => KnownGraphics {
  const choice = why ?? null;
  if (graphics !== undefined) return () => ({ engines: [graphics], inUse: graphics.name, choice });
  if (inventory.gpus.length === 0) return () => ({ engines: [], inUse: null, choice });
  let engines: KnownGraphics["engines"] = null;
  const ending = new AbortController();
  const probe = lookAt(inventory, ending.signal).then((found) => {
    engines = found;
  });
  stops.push({
    name: "graphics check",
    stop: async () => {
      ending.abort();
      await probe;
    },
  });
  return () => ({ engines, inUse: null, choice });
}

/** A device that its own driver runs exactly is not listed as an adapter once more. */
async function lookAt(
  { gpus }: Inventory,
  signal: AbortSignal,
): Promise<readonly GraphicsEngine[]> {
  const cuda = gpus.some((gpu) => isNvidia(gpu)) ? await probeCuda("", null, signal) : undefined;
  const adapters = await probeGraphics(undefined, { signal });
  if (cuda === undefined) return adapters;
  const own = plainName(cuda.graphics.name);
  const others = adapters.filter(({ name }) => plainName(name) !== own);
  return cuda.graphics.exact ? [cuda.graphics, ...others] : [...adapters, cuda.graphics];
}
