/**
 * Decides how NVIDIA's devices are opened for everyone who asks: one reader process for listing,
 * telemetry and energy. Opening never throws; without a driver it says why and what would mend it.
 */

import { readFileSync } from "node:fs";
import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { DeviceSample, WatchedDevice } from "../../ports/device-telemetry.ts";
import type { Meter } from "../../ports/meter.ts";
import type { LimitWish } from "../../ports/power-limit.ts";
import { LIBRARY_NAMES } from "./load-library.ts";
import { nvmlAdvice } from "./nvml-advice.ts";
import { nvmlMeter } from "./nvml-meter.ts";
import type {
  LimitTold,
  NvmlAbsence,
  NvmlDevice,
  NvmlListing,
  ReadSample,
  Told,
} from "./nvml-shapes.ts";
import { NvmlReader, indexOf } from "./reader-process.ts";

/** Telemetry is once a second. */
const WATCH_EVERY_MS = 1_000;

/** Without persistence a driver takes some seconds for each device when it is first opened. */
const OPEN_WITHIN_MS = 10_000;

/** A sample older than this many intervals says nothing of now. */
const STALE_INTERVALS = 3;

/**
 * A device that fell off the bus is looked for again after the first of these, then after twice as
 * long each time until the last: each look costs its neighbours a sample.
 */
const LOST_AGAIN_MS = { first: 60_000, last: 3_600_000 } as const;

/** How it is opened; all of it has a default. */
export interface NvmlOptions {
  /** File names tried in turn. */
  readonly libraries?: readonly string[];
  readonly openWithinMs?: number;
  readonly watchEveryMs?: number;
  /** The first pause before a reader that hung is begun again. */
  readonly pauseMs?: number;
  /** The first pause before a device that fell off the bus is looked for. */
  readonly lostAgainMs?: number;
  readonly silenceMaxMs?: number;
  readonly answerMaxMs?: number;
  /** The first time for which a device that hung is left out. */
  readonly leftOutMs?: number;
  /** Told when the reader hung or ended; it is begun again by itself. */
  readonly onLost?: (why: string) => void;
}

/** How `devices` names a device; by its UUID where nobody says otherwise. */
export type IdOf = (device: NvmlDevice) => string;

/** NVIDIA's devices, open. */
export interface Nvml {
  readonly listing: NvmlListing;
  /** Every device, to be watched once a second; reading begins with the first of these. */
  watched(idOf?: IdOf): WatchedDevice[];
  /** A meter for each device that gives energy or power. */
  meters(idOf?: IdOf): Meter[];
  /**
   * Reads or sets the power limit of the device of a UUID; undefined where it is not there or the
   * driver does not answer in time.
   */
  limit(uuid: string, wish: LimitWish): Promise<LimitTold | undefined>;
  /** Ends the reader; its devices and meters give nothing afterwards. */
  close(): void;
}

/** What came of opening. */
export type NvmlOpening =
  | { readonly state: "open"; readonly nvml: Nvml }
  | {
      readonly state: "absent";
      readonly reason: NvmlAbsence;
      /** What the loader or the driver said. */
      readonly why: string;
      /** What the owner can do where the machine has an NVIDIA device. */
      readonly next: string;
    };

/** Opens NVIDIA's library in a process of its own. Never throws; ends within the time given. */
export async function openNvml(options: NvmlOptions = {}): Promise<NvmlOpening> {
  const nvml = new OpenNvml(options);
  const opened = await nvml.open();
  if (opened.kind === "listing") return { state: "open", nvml };
  nvml.close();
  const { reason, why } = opened;
  return { state: "absent", reason, why, next: nvmlAdvice(reason) };
}

class OpenNvml implements Nvml {
  listing: NvmlListing = { driverVersion: null, cudaVersion: null, devices: [] };
  readonly #options: NvmlOptions;
  readonly #reader: NvmlReader;
  readonly #everyMs: number;
  readonly #samples = new Map<string | null, ReadSample>();
  /** Devices as the reader numbers them now; it may number anew when it is begun again. */
  #now: NvmlListing = this.listing;
  #watchers = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #lostAgainMs: number;

  constructor(options: NvmlOptions) {
    this.#options = options;
    this.#lostAgainMs = options.lostAgainMs ?? LOST_AGAIN_MS.first;
    this.#everyMs = options.watchEveryMs ?? WATCH_EVERY_MS;
    const { libraries = LIBRARY_NAMES, openWithinMs = OPEN_WITHIN_MS, ...rest } = options;
    this.#reader = new NvmlReader(
      { ...rest, libraries, openWithinMs },
      { told: (told) => this.#hear(told), lost: (why) => this.#lost(why) },
    );
  }

  async open() {
    const opened = await this.#reader.open();
    if (opened.kind === "listing") this.listing = opened.listing;
    return opened;
  }

  watched(idOf: IdOf = lastingId): WatchedDevice[] {
    return this.listing.devices.map((device) => this.#watched(device, idOf(device)));
  }

  meters(idOf: IdOf = lastingId): Meter[] {
    const epoch = driverEpoch(this.listing.driverVersion);
    return this.listing.devices.flatMap((device) => {
      const read = () => {
        const index = indexOf(this.#now, device.uuid);
        return index === undefined ? Promise.resolve(undefined) : this.#reader.energy(index);
      };
      const meter = nvmlMeter(device, { id: idOf(device), epoch, read });
      return meter === null ? [] : [meter];
    });
  }

  limit(uuid: string, wish: LimitWish): Promise<LimitTold | undefined> {
    const index = indexOf(this.#now, uuid);
    return index === undefined ? Promise.resolve(undefined) : this.#reader.limit(index, wish);
  }

  close(): void {
    clearTimeout(this.#again);
    this.#samples.clear();
    this.#now = { ...this.#now, devices: [] };
    this.#reader.close();
  }

  #watched(device: NvmlDevice, id: string): WatchedDevice {
    let isOpen = true;
    this.#watchers += 1;
    if (this.#watchers === 1) this.#reader.watch(this.#everyMs);
    return {
      id,
      name: device.name,
      source: "nvml",
      sample: () => this.#sampleOf(device.uuid),
      close: () => {
        if (isOpen) this.#watchers -= 1;
        if (isOpen && this.#watchers === 0) this.#reader.watch(0);
        isOpen = false;
      },
    };
  }

  #sampleOf(uuid: string | null): DeviceSample {
    const atMs = Date.now();
    const sample = this.#samples.get(uuid);
    if (sample === undefined || sample.isLost) return { atMs, ...NOTHING_TOLD };
    if (Math.abs(atMs - sample.atMs) > STALE_INTERVALS * this.#everyMs)
      return { atMs, ...NOTHING_TOLD };
    const { isLost: _, ...said } = sample;
    return said;
  }

  #hear(told: Told): void {
    if (told.kind === "listing") this.#now = told.listing;
    if (told.kind !== "samples") return;
    for (const [index, sample] of told.samples.entries()) {
      this.#samples.set(this.#now.devices[index]?.uuid ?? null, sample);
    }
    if (told.samples.some(({ isLost }) => isLost)) this.#lookAgain();
    else this.#lostAgainMs = this.#options.lostAgainMs ?? LOST_AGAIN_MS.first;
  }

  /** The library answers "lost" for ever to the process that lost it; a new one may find it. */
  #lookAgain(): void {
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      this.#lostAgainMs = Math.min(2 * this.#lostAgainMs, LOST_AGAIN_MS.last);
      this.#reader.renew("a device fell off the bus");
    }, this.#lostAgainMs).unref();
  }

  #lost(why: string): void {
    this.#samples.clear();
    this.#now = { ...this.#now, devices: [] };
    this.#options.onLost?.(why);
  }
}

function lastingId(device: NvmlDevice): string {
  return device.uuid ?? device.pciId ?? `nvidia-${device.index}`;
}

/**
 * The register begins anew when the driver is loaded, which it is at each start of the system and
 * when its version changes. A driver loaded again in between shows as a smaller count.
 */
function driverEpoch(driverVersion: string | null): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${driverVersion ?? "unknown"}`;
  } catch {
    return null;
  }
}
