/**
 * Decides what a device is taken to draw where it has no meter at all: its idle watts, plus its
 * nameplate less those times how busy it is. A model (D) with a band of half its value: a processor
 * draws from a third to twice its nameplate, and a TPU publishes nothing better.
 */

import { Fault } from "../../contract/outcome.ts";
import type { Meter } from "../../ports/meter.ts";
import { FieldProblem } from "./description-fields.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { sourceIdentity } from "./source-identity.ts";

/** A device whose nameplate is known. */
export interface TdpDescription extends DescribedSource {
  readonly kind: "tdp-model";
  readonly nameplateWatts: number;
  readonly idleWatts: number;
}

const WATTS_MAX = 100_000;
const UNCERTAINTY_PERCENT = 50;

/** Share of the nameplate that an idle processor draws where nothing else is known. */
const IDLE_SHARE = 0.1;

const READ_EVERY_MS = 5_000;

/** Reads the keys: nameplate_watts, idle_watts. */
export function checkTdp(fields: DescriptionFields): TdpDescription {
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  const source = fields.source({ role: "load", boundary: "accelerators", uncertaintyPercent });
  const nameplateWatts = fields.number("nameplate_watts", 1, WATTS_MAX);
  const idleWatts = fields.number("idle_watts", 0, WATTS_MAX, nameplateWatts * IDLE_SHARE);
  if (idleWatts > nameplateWatts) {
    throw new FieldProblem("idle_watts", "it must not be above nameplate_watts");
  }
  return { kind: "tdp-model", ...source, nameplateWatts, idleWatts };
}

/**
 * Opens it. A reading faults with METERS_NO_VALUE while nobody knows how busy the device is: full
 * load is not made up.
 */
export function openTdp(description: TdpDescription, needs: MeterNeeds): Meter {
  const { device, nameplateWatts, idleWatts } = description;
  return {
    identity: sourceIdentity(description, { kind: "tdp-model", tier: "D" }),
    readEveryMs: READ_EVERY_MS,
    read() {
      const share = needs.utilisation?.(device) ?? null;
      if (share === null || !(share >= 0)) {
        const facts = { device: device ?? "processor" };
        const words = "nobody knows how busy the device is";
        return Promise.reject(new Fault("METERS_NO_VALUE", words, facts));
      }
      const watts = idleWatts + (nameplateWatts - idleWatts) * Math.min(1, share);
      const atMs = needs.clock.nowMs();
      return Promise.resolve({ atMs, register: null, watts, signature: null });
    },
    close: () => Promise.resolve(),
  };
}
