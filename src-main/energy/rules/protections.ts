/**
 * Decides when devices must be left alone, whatever owner and rules want. A device at 83 °C waits
 * until it has 75 °C again and 120 s have passed; at 90 °C work stops until its owner starts it. A
 * temperature that was told and falls silent is a reason to wait too: nobody would see the heat. A
 * device that never told one cannot be protected, and that is said.
 */

import { limitsOfDevice } from "./device-limits.ts";
import { SILENT_MS, WATTS_HOLD_MAX_MS, WATTS_RESUME_SHARE } from "./limits.ts";
import type { ProtectionLimits } from "./rule.ts";
import { deviceWords } from "./signals.ts";
import type { DeviceSignal, GuardSensor, SignalsNow } from "./signals.ts";

/** What is remembered of a device. */
interface DeviceState {
  readonly state: "ok" | "hot" | "silent" | "stopped";
  /** Running time at which the state began. */
  readonly sinceMs: number;
  /** Running time at which it last told its temperature; null: never. */
  readonly toldMs: number | null;
  readonly celsius: number | null;
  /** The place that it is of, where the device tells several. */
  readonly guard?: GuardSensor;
}

/** What is remembered of all. */
export interface ProtectionState {
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** Failures that were there when its owner last started work. */
  readonly forgiven: number;
  readonly isFailing: boolean;
  readonly watts: {
    readonly isOver: boolean;
    readonly sinceMs: number;
    readonly holdMs: number;
    readonly toldMs: number | null;
  };
}

/** Why work waits. */
export interface ProtectionReason {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly sentence: string;
}

/** Nothing happened yet. */
export const FRESH_PROTECTIONS: ProtectionState = {
  devices: new Map(),
  forgiven: 0,
  isFailing: false,
  watts: { isOver: false, sinceMs: 0, holdMs: 0, toldMs: null },
};

/** The state after a moment. */
export function stepProtections(
  before: ProtectionState,
  limits: ProtectionLimits,
  signals: SignalsNow,
  runMs: number,
): ProtectionState {
  const devices = new Map<string, DeviceState>();
  for (const [id, state] of before.devices) {
    // A device that is no longer told of stays as it was unless all was well.
    if (state.state !== "ok") devices.set(id, state);
  }
  for (const device of signals.devices) {
    const own = limitsOfDevice(limits, device.id);
    devices.set(device.id, stepDevice(before.devices.get(device.id), own, device, runMs));
  }
  const forgiven = Math.min(before.forgiven, signals.failures);
  const isFailing = signals.failures >= forgiven + limits.failures;
  return { devices, forgiven, isFailing, watts: stepWatts(before.watts, limits, signals, runMs) };
}

function stepDevice(
  before: DeviceState | undefined,
  limits: ProtectionLimits,
  device: DeviceSignal,
  runMs: number,
): DeviceState {
  const { guard } = device;
  const celsius = guard?.counted ?? device.celsius;
  const by = guard === undefined ? {} : { guard };
  const was = before ?? { state: "ok", sinceMs: runMs, toldMs: null, celsius: null };
  if (was.state === "stopped") {
    const toldMs = celsius === null ? was.toldMs : runMs;
    return { state: was.state, sinceMs: was.sinceMs, toldMs, celsius, ...by };
  }
  const begun = (state: DeviceState["state"], toldMs: number | null): DeviceState => {
    const sinceMs = was.state === state ? was.sinceMs : runMs;
    return { state, sinceMs, toldMs, celsius, ...by };
  };
  if (celsius === null) {
    // Whoever is hot stays hot until it says otherwise.
    if (was.state !== "ok") return { ...was, celsius };
    const isSilent = was.toldMs !== null && runMs - was.toldMs > SILENT_MS;
    return begun(isSilent ? "silent" : "ok", was.toldMs);
  }
  if (celsius >= limits.stopCelsius) return begun("stopped", runMs);
  if (celsius >= limits.pauseCelsius) return begun("hot", runMs);
  if (was.state === "ok") return begun("ok", runMs);
  // Who was silent need not cool down, only not be hot.
  const isCool = was.state === "silent" || celsius <= limits.resumeCelsius;
  const isHeld = runMs - was.sinceMs < limits.holdMs;
  return begun(isCool && !isHeld ? "ok" : was.state, runMs);
}

function stepWatts(
  before: ProtectionState["watts"],
  limits: ProtectionLimits,
  { watts }: SignalsNow,
  runMs: number,
): ProtectionState["watts"] {
  if (limits.totalWatts === null) return FRESH_PROTECTIONS.watts;
  const toldMs = watts === null ? (before.toldMs ?? runMs - SILENT_MS) : runMs;
  const isSilent = runMs - toldMs >= SILENT_MS;
  const isOver = isSilent || (watts !== null && watts > limits.totalWatts);
  if (!before.isOver) {
    if (!isOver) return { ...before, toldMs };
    // Work comes back and is over again: each time it waits twice as long.
    const isSoon =
      before.holdMs > 0 && runMs - before.sinceMs < 2 * before.holdMs + WATTS_HOLD_MAX_MS;
    const holdMs = isSoon ? Math.min(WATTS_HOLD_MAX_MS, before.holdMs * 2) : limits.holdMs;
    return { isOver: true, sinceMs: runMs, holdMs: Math.max(limits.holdMs, holdMs), toldMs };
  }
  const isLow = watts !== null && watts <= limits.totalWatts * WATTS_RESUME_SHARE;
  const isHeld = runMs - before.sinceMs < before.holdMs;
  return { ...before, isOver: !isLow || isHeld, toldMs };
}

/** The owner starts work: failures are forgiven, and a stop for heat where it has cooled down. */
export function forgive(
  before: ProtectionState,
  limits: ProtectionLimits,
  signals: SignalsNow,
): ProtectionState {
  const devices = new Map(before.devices);
  for (const [id, state] of devices) {
    const { resumeCelsius } = limitsOfDevice(limits, id);
    const isCool = state.celsius !== null && state.celsius <= resumeCelsius;
    if (state.state === "stopped" && isCool) devices.set(id, { ...state, state: "ok" });
  }
  return { ...before, devices, forgiven: signals.failures, isFailing: false };
}

/** The reason that weighs most; null where work may go on. */
export function protectionReason(
  state: ProtectionState,
  limits: ProtectionLimits,
  signals: SignalsNow,
): ProtectionReason | null {
  for (const wanted of ["stopped", "hot", "silent"] as const) {
    for (const [id, device] of state.devices) {
      if (device.state !== wanted) continue;
      return deviceReason(id, device, limitsOfDevice(limits, id));
    }
  }
  if (state.isFailing) {
    const { failures } = signals;
    return {
      code: "ENERGY_PROTECTION_FAILURES",
      facts: { failures },
      sentence: `Waiting: ${failures} units failed one after the other, until you start it again`,
    };
  }
  if (!state.watts.isOver || limits.totalWatts === null) return null;
  const limit = Math.round(limits.totalWatts);
  if (signals.watts === null) {
    const sentence = `Waiting: no power is measured, so the limit of ${limit} W cannot be kept`;
    return { code: "ENERGY_PROTECTION_WATTS", facts: { limit }, sentence };
  }
  const watts = Math.round(signals.watts);
  const resume = Math.round(limit * WATTS_RESUME_SHARE);
  const sentence = `Waiting: ${watts} W of at most ${limit} W, resumes at ${resume} W`;
  return { code: "ENERGY_PROTECTION_WATTS", facts: { watts, limit }, sentence };
}

function deviceReason(id: string, device: DeviceState, limits: ProtectionLimits): ProtectionReason {
  const name = deviceWords(id);
  const { celsius, guard } = device;
  // What is said is what the sensor shows, and the limits as they are on it.
  const shift = guard === undefined ? 0 : guard.celsius - guard.counted;
  const shown = celsius === null ? null : Math.round(celsius + shift);
  const place = guard === undefined ? "" : ` (${guard.place})`;
  const facts = { device: id, ...(shown === null ? {} : { celsius: shown }) };
  const told = shown === null ? "no temperature" : `${shown} °C${place}`;
  const onSensor = (limit: number): string => `${Math.round(limit + shift)} °C`;
  if (device.state === "silent") {
    const again = `tells its temperature again, resumes in a moment`;
    const what = celsius === null ? "no longer tells its temperature" : again;
    const sentence = `Waiting: ${name} ${what}`;
    return { code: "ENERGY_PROTECTION_SENSOR", facts, sentence };
  }
  if (device.state === "stopped") {
    const sentence =
      `Stopped: ${name} reached ${onSensor(limits.stopCelsius)} and has ${told}; start it again ` +
      `once it has ${onSensor(limits.resumeCelsius)}`;
    return { code: "ENERGY_PROTECTION_STOPPED", facts, sentence };
  }
  const isCool = celsius !== null && celsius <= limits.resumeCelsius;
  const resumes = isCool
    ? `resumes ${Math.round(limits.holdMs / 1_000)} s after it was too hot`
    : `resumes at ${onSensor(limits.resumeCelsius)}`;
  const sentence = `Waiting: ${told} on ${name}, ${resumes}`;
  return { code: "ENERGY_PROTECTION_HEAT", facts, sentence };
}

/** Devices in use whose temperature nobody knows, so that nothing protects them from heat. */
export function unprotectedDevices(state: ProtectionState): readonly string[] {
  return [...state.devices].filter(([, { toldMs }]) => toldMs === null).map(([id]) => id);
}
