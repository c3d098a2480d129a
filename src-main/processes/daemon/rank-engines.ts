/**
 * Decides which of the devices that could train here does, where the owner leaves it open: only one
 * that is exact, and of these the one that takes every standard step fastest. The processor trains
 * unless a device takes each of them faster; a device that was not measured never comes first.
 */

import type { GraphicsEngine } from "../../adapters/machine/index.ts";

/** A device that could train instead of the processor. */
export interface Contender {
  readonly engine: "cuda" | "webgpu";
  readonly graphics: GraphicsEngine;
  /** How many times as fast as the processor, at the least; null where it was not measured. */
  readonly speedup: number | null;
}

/** The device that trains; undefined: the processor does. */
export function fastestEngine(contenders: readonly Contender[]): Contender | undefined {
  let best: Contender | undefined;
  for (const contender of contenders) {
    const { graphics, speedup } = contender;
    if (!graphics.exact || graphics.isSoftware || speedup === null) continue;
    if (speedup > Math.max(1, best?.speedup ?? 0)) best = contender;
  }
  return best;
}
