/** The limits of a device that nobody limited: as a card's stand, 83 °C and no cap. */

import type { LimitsOfDevice } from "../../src-main/contract/control-api/limits.ts";

/** Such limits, with what a test says of them. */
export const limitsOf = (device: string, more: Partial<LimitsOfDevice> = {}): LimitsOfDevice => ({
  device,
  trains: true,
  inUse: true,
  on: true,
  celsius: {
    own: null,
    pause: 83,
    resume: 75,
    stop: 90,
    resumeBelow: 8,
    resumeMost: 75,
    least: 30,
    most: 83,
  },
  watts: { own: null, most: 300 },
  cap: null,
  ...more,
});
