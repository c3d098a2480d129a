/** Limits of a processor that a daemon of fixtures tells: capped, and cooler than standard. */

import type {
  CapInForce,
  LimitsOfDevice,
  WatchedSample,
} from "../../src-main/contract/control-api/index.ts";
import type { Answers } from "./mocked-daemon.ts";

const CAP: CapInForce = {
  device: "cpu",
  watts: 70,
  rule: null,
  how: "paced",
  share: 0.62,
  meanWatts: 66,
  source: "device",
  limitWatts: null,
  needs:
    "The card's own limit was not set, since the driver lets root alone do it: sudo nvidia-smi " +
    "-i GPU-5f1c8a3e-0000-4000-8000-000000003060 -pl 70 holds until the machine starts again.",
  windowMs: 45_500,
  sentence: "Capped at 70 W by the processor's own limit (by duty cycle: 62 % of the time)",
};

/** The processor's limits. */
export const CPU_LIMITS: LimitsOfDevice = {
  device: "cpu",
  trains: true,
  inUse: true,
  on: true,
  celsius: {
    own: 78,
    pause: 78,
    resume: 70,
    stop: 90,
    resumeBelow: 8,
    resumeMost: 75,
    least: 30,
    most: 83,
  },
  watts: { own: 70, most: 105 },
  cap: CAP,
};

const SAMPLE: WatchedSample = {
  atMs: Date.now(),
  utilisation: 0.62,
  memoryUsedBytes: 2 ** 33,
  memoryTotalBytes: 2 ** 35,
  celsius: 71,
  fan: 0.4,
  clockMhz: 4_450,
  memoryClockMhz: null,
  watts: 88,
  limitWatts: 105,
  energyMillijoules: null,
  throttle: [],
};

/** Answers of a machine whose processor has limits. */
export function limitAnswers(): Answers {
  return {
    "limits.state": () => ({ devices: [CPU_LIMITS] }),
    "telemetry.now": () => ({
      atMs: Date.now(),
      devices: [{ id: "cpu", name: "AMD Ryzen 7 5800X", source: "cpu", sample: SAMPLE }],
    }),
  };
}
