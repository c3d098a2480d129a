/** Decides what the process that reads drivers and the daemon say to each other. */

import type { DeviceSample, HeatPlace, ThrottleReason } from "../../../ports/device-telemetry.ts";
import type { FileLimit, LimitAnswer, LimitWish } from "../../../ports/power-limit.ts";
import { TELEMETRY_ID_MAX } from "../../../ports/telemetry-store.ts";

/** Devices that one reader tells of at most. */
export const READER_DEVICES_MAX = 64;

/** From the daemon, once. */
export interface BeginReading {
  readonly kind: "begin";
  /** Where the machine is shown: `/sys` and `/proc`. */
  readonly system: string;
  readonly processes: string;
  /** Ids of graphics devices by their place on the bus. */
  readonly ids: readonly (readonly [string, string])[];
  /** Devices that hung before and are left alone. */
  readonly without: readonly string[];
}

/** From the daemon: a device's own limit of power is read or set. */
export interface AskLimit {
  readonly kind: "limit";
  readonly ask: number;
  readonly id: string;
  readonly wish: LimitWish;
}

/**
 * From the reader: each device before it is opened, its devices once, then a sample of each in
 * turn, each second.
 */
export type ReaderTold =
  | { readonly kind: "opening"; readonly id: string }
  | {
      readonly kind: "devices";
      readonly devices: readonly {
        readonly id: string;
        readonly name: string;
        readonly source: string;
        readonly notes?: readonly string[];
        readonly powerLimit?: FileLimit;
      }[];
    }
  | { readonly kind: "limit"; readonly ask: number; readonly answer: LimitAnswer }
  | { readonly kind: "sample"; readonly index: number; readonly sample: DeviceSample };

const NUMBERS = [
  "utilisation",
  "memoryUsedBytes",
  "memoryTotalBytes",
  "celsius",
  "fan",
  "clockMhz",
  "memoryClockMhz",
  "watts",
  "limitWatts",
  "energyMillijoules",
] as const;

/** One of each; the compiler sees that none is forgotten. */
const REASONS: Readonly<Record<ThrottleReason, true>> = {
  idle: true,
  "power-limit": true,
  heat: true,
  "hardware-slowdown": true,
  "sync-boost": true,
  setting: true,
  reliability: true,
};

const PLACES: Readonly<Record<HeatPlace, true>> = { edge: true, junction: true, memory: true };

/** Notes of a device, and characters of each. */
const NOTES_MAX = 4;
const NOTE_CHARACTERS_MAX = 160;

/** What a reader said; null for anything else. */
export function checkReaderTold(message: unknown): ReaderTold | null {
  if (!isRecord(message)) return null;
  if (message["kind"] === "sample") {
    const { index, sample } = message;
    if (!Number.isInteger(index) || !isSample(sample)) return null;
    return { kind: "sample", index: index as number, sample };
  }
  if (message["kind"] === "limit") {
    const { ask, answer } = message;
    return isCount(ask) && isAnswer(answer) ? { kind: "limit", ask, answer } : null;
  }
  if (message["kind"] === "opening") {
    const { id } = message;
    return isId(id) ? { kind: "opening", id } : null;
  }
  const { devices } = message;
  if (message["kind"] !== "devices" || !Array.isArray(devices)) return null;
  if (devices.length > READER_DEVICES_MAX) return null;
  const named = devices.flatMap((device: unknown) => {
    if (!isRecord(device)) return [];
    const { id, name, source, notes, powerLimit: limit } = device;
    if (!isId(id) || typeof name !== "string" || typeof source !== "string") return [];
    const more = { ...notesOf(notes), ...(isFileLimit(limit) ? { powerLimit: limit } : {}) };
    return [{ id, name: name.slice(0, 256), source, ...more }];
  });
  return named.length === devices.length ? { kind: "devices", devices: named } : null;
}

/** What the daemon asked; null for anything else. */
export function checkBeginReading(message: unknown): BeginReading | null {
  if (!isRecord(message) || message["kind"] !== "begin") return null;
  const { ids, without, system, processes } = message;
  if (typeof system !== "string" || typeof processes !== "string") return null;
  if (!Array.isArray(ids) || !Array.isArray(without)) return null;
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string");
  if (!ids.every(isPair) || !without.every((id) => typeof id === "string")) return null;
  const known = { ids: ids as [string, string][], without: without as string[] };
  return { kind: "begin", system, processes, ...known };
}

/** What the daemon asked of a limit; null for anything else. */
export function checkAskLimit(message: unknown): AskLimit | null {
  if (!isRecord(message) || message["kind"] !== "limit") return null;
  const { ask, id, wish } = message;
  if (!isCount(ask) || !isId(id) || !isRecord(wish)) return null;
  const { watts, mostWatts } = wish;
  if (!isWatts(watts) || !isWatts(mostWatts)) return null;
  return { kind: "limit", ask, id, wish: { watts, mostWatts } };
}

const OUTCOMES: Readonly<Record<LimitAnswer["outcome"], true>> = {
  done: true,
  "no-permission": true,
  "not-supported": true,
  failed: true,
};

/** Characters of a limit's words: a path of the kernel is shorter. */
const LIMIT_WORDS_MAX = 256;

function isAnswer(answer: unknown): answer is LimitAnswer {
  if (!isRecord(answer)) return false;
  const { outcome, why, before, now } = answer;
  return (
    Object.hasOwn(OUTCOMES, outcome as string) && isWord(why) && isWatts(before) && isWatts(now)
  );
}

function isFileLimit(limit: unknown): limit is FileLimit {
  if (!isRecord(limit)) return false;
  const { key, file, leastWatts } = limit;
  return isWord(key) && isWord(file) && isWatts(leastWatts);
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value.length <= LIMIT_WORDS_MAX;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isWatts(value: unknown): value is number | null {
  return value === null || (Number.isFinite(value) && Number(value) >= 0);
}

function isId(id: unknown): id is string {
  return typeof id === "string" && id.length <= TELEMETRY_ID_MAX;
}

function isSample(sample: unknown): sample is DeviceSample {
  if (!isRecord(sample) || typeof sample["atMs"] !== "number") return false;
  const { throttle } = sample;
  if (!Array.isArray(throttle) || !throttle.every((one) => Object.hasOwn(REASONS, one as string))) {
    return false;
  }
  if (!isHeat(sample["heat"])) return false;
  return NUMBERS.every((name) => sample[name] === null || Number.isFinite(sample[name]));
}

function isHeat(heat: unknown): boolean {
  if (heat === undefined) return true;
  if (!Array.isArray(heat) || heat.length > Object.keys(PLACES).length) return false;
  return heat.every((one: unknown) => {
    if (!isRecord(one)) return false;
    const { place, celsius, limitCelsius } = one;
    const isLimit = limitCelsius === null || Number.isFinite(limitCelsius);
    return Object.hasOwn(PLACES, place as string) && Number.isFinite(celsius) && isLimit;
  });
}

function notesOf(notes: unknown): { readonly notes?: readonly string[] } {
  if (!Array.isArray(notes)) return {};
  const words = notes.filter((one) => typeof one === "string").slice(0, NOTES_MAX);
  return words.length === 0 ? {} : { notes: words.map((one) => one.slice(0, NOTE_CHARACTERS_MAX)) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
