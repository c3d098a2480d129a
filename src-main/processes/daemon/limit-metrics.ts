/**
 * Decides what Prometheus reads of the limits of devices: where heat stops work, which caps of
 * watts are in force and how each is kept, what is switched off, and why work is held now.
 */

import type { Readings, Sample } from "../../api/index.ts";
import type { CapInForce, LimitsOfDevice } from "../../contract/control-api/index.ts";

/** What is read. */
export interface LimitsNow {
  readonly devices: readonly LimitsOfDevice[];
  /** Code of what holds work; null where nothing does. */
  readonly held: string | null;
}

/** Every way in which a cap is kept, or is not. */
const WAYS: readonly CapInForce["how"][] = [
  "starting",
  "within",
  "paced",
  "nameplate",
  "deadline",
  "low",
  "blind",
];

const REASONS = ["protection", "switched-off", "rule", "cap"] as const;

/** The reason of a code; what is no rule, cap or switch is a protection. */
function reasonOf(code: string): (typeof REASONS)[number] {
  if (code === "ENERGY_DEVICE_OFF") return "switched-off";
  if (code === "ENERGY_RULE_PAUSED") return "rule";
  return code.startsWith("ENERGY_CAP_") ? "cap" : "protection";
}

/** The samples of a moment. */
export function limitMetrics({ devices, held }: LimitsNow): Readings {
  const caps = devices.flatMap(({ cap }) => (cap === null ? [] : [cap]));
  const reason = held === null ? null : reasonOf(held);
  return {
    miner_device_temperature_limit_celsius: devices.flatMap(heatLimits),
    miner_device_enabled: devices.map(({ device, on }) => ({
      labels: { device },
      value: Number(on),
    })),
    miner_device_power_cap_watts: caps.map(({ device, rule, watts }) => ({
      labels: { device, origin: rule === null ? "owner" : "rule" },
      value: watts,
    })),
    miner_device_power_cap_duty_ratio: caps.map(({ device, share }) => ({
      labels: { device },
      value: share,
    })),
    miner_device_power_cap_state: caps.flatMap(({ device, how }) =>
      WAYS.map((state) => ({ labels: { device, state }, value: Number(state === how) })),
    ),
    miner_work_held: REASONS.map((one) => ({
      labels: { reason: one },
      value: Number(one === reason),
    })),
  };
}

/** Of a device in use: nothing is held for the heat of another. */
function heatLimits({ device, inUse, celsius }: LimitsOfDevice): Sample[] {
  if (!inUse) return [];
  const { pause, resume, stop } = celsius;
  return Object.entries({ pause, resume, stop }).map(([what, value]) => ({
    labels: { device, what },
    value,
  }));
}
