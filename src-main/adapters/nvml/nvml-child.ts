/**
 * The reader process: the only one that loads NVIDIA's library. It answers its leader and ends with
 * it. Whatever a driver does to it (hang, crash, fall off the bus), the daemon goes on.
 */

import { loadLibrary } from "./load-library.ts";
import { NOTHING_TOLD } from "../../ports/device-telemetry.ts";
import type { LimitWish } from "../../ports/power-limit.ts";
import type { NvmlLibrary } from "./load-library.ts";
import type { Asked, Told } from "./nvml-shapes.ts";
import { numberOf, readDevices } from "./read-devices.ts";
import type { OpenDevice } from "./read-devices.ts";
import { readEnergy, SampleReader, wattsOf } from "./read-sample.ts";
import { NVML } from "./return-codes.ts";
import { setLimit } from "./set-limit.ts";

let library: NvmlLibrary | undefined;
let devices: readonly OpenDevice[] = [];
/** By the device's place in the list; made with its first sample. */
let readers: (SampleReader | undefined)[] = [];
/** Whether each device is named before it is asked. */
let careful = false;
let timer: ReturnType<typeof setInterval> | undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", (asked) => hear(asked as Asked));

function tell(told: Told): void {
  if (process.connected) process.send?.(told, () => undefined);
}

function hear(asked: Asked): void {
  if (asked.kind === "open") return open(asked);
  if (asked.kind === "energy") return tellEnergy(asked.ask, asked.index);
  if (asked.kind === "limit") return tellLimit(asked.ask, asked.index, asked.wish);
  clearInterval(timer);
  timer = asked.everyMs > 0 ? setInterval(tellSamples, asked.everyMs) : undefined;
  if (asked.everyMs > 0) tellSamples();
}

/** Says who is asked next, where somebody hung before. */
function asking(index: number): void {
  if (careful) tell({ kind: "asking", index });
}

function open({ libraries, without, ...how }: Extract<Asked, { kind: "open" }>): void {
  careful = how.careful;
  const loaded = loadLibrary(libraries);
  if (typeof loaded === "string") {
    return tell({ kind: "absent", reason: "no-library", why: loaded });
  }
  const read = readDevices(loaded, { without, asking });
  if ("kind" in read) return tell(read);
  library = loaded;
  devices = read.devices;
  readers = [];
  tell({ kind: "listing", listing: read.listing });
}

function tellSamples(): void {
  const nvml = library;
  if (nvml === undefined) return;
  const samples = devices.map(({ handle, isLeftOut, device }, index) => {
    if (handle === null) return { atMs: Date.now(), ...NOTHING_TOLD, isLost: !isLeftOut };
    asking(device.index);
    const reader = readers[index] ?? new SampleReader(nvml, handle);
    readers[index] = reader;
    return reader.read(Date.now());
  });
  tell({ kind: "samples", samples });
}

function tellLimit(ask: number, index: number, wish: LimitWish): void {
  const handle = devices.find(({ device }) => device.index === index)?.handle;
  if (library === undefined || handle === undefined || handle === null) {
    return tell({ kind: "limit", ask, code: NVML.noDevices, before: null, now: null });
  }
  asking(index);
  tell({ kind: "limit", ask, ...setLimit(library, handle, wish) });
  readers[devices.findIndex(({ device }) => device.index === index)]?.limitChanged();
}

function tellEnergy(ask: number, index: number): void {
  const handle = devices.find(({ device }) => device.index === index)?.handle;
  const atMs = Date.now();
  if (library === undefined || handle === undefined || handle === null) {
    const none = { millijoules: null, watts: null, code: NVML.noDevices };
    return tell({ kind: "energy", ask, atMs, ...none });
  }
  asking(index);
  const { millijoules, code } = readEnergy(library, handle);
  const power = library.ask("nvmlDeviceGetPowerUsage", handle, [], [4]);
  const watts = wattsOf(numberOf(power));
  const failed = millijoules === null && watts === null ? power.code || code : 0;
  tell({ kind: "energy", ask, atMs, millijoules, watts, code: failed });
}
