/**
 * Decides when NVIDIA's library is opened: once, when the inventory finds a trace of such a device,
 * for everyone who lists, watches or meters. A driver that was not there is asked again by the next
 * inventory.
 */

import type { Inventory, NvidiaAnswer } from "../../adapters/machine/index.ts";
import { openNvml } from "../../adapters/nvml/index.ts";
import type { IdOf, Nvml, NvmlOpening } from "../../adapters/nvml/index.ts";
import type { Log } from "../../ports/log.ts";
import type { StopStep } from "./stopping.ts";

/** NVIDIA's library, opened when it is first needed. */
export class NvidiaLibrary {
  readonly #open: () => Promise<NvmlOpening>;
  readonly #listeners: ((nvml: Nvml) => void)[] = [];
  #opening: Promise<NvmlOpening> | null = null;
  #nvml: Nvml | null = null;
  #closed = false;

  constructor(log: Log, stops: StopStep[], open: typeof openNvml = openNvml) {
    const onLost = (reason: string) => {
      log.warn("NVIDIA's driver is read anew", { code: "METERS_COUNTER", reason });
    };
    this.#open = () => open({ onLost });
    stops.push({ name: "NVIDIA's library", stop: () => this.close() });
  }

  /** What the library says of its devices; asked of the driver once where it answers. */
  async answer(): Promise<NvidiaAnswer | null> {
    if (this.#closed) return null;
    this.#opening ??= this.#open();
    const opening = await this.#opening;
    if (opening.state === "open") {
      this.#keep(opening.nvml);
      const { driverVersion, devices } = opening.nvml.listing;
      return { state: "listed", driverVersion, devices };
    }
    this.#opening = null;
    return opening;
  }

  /** Calls with the open library, now or when it opens; never where there is none. */
  whenOpen(listener: (nvml: Nvml) => void): void {
    this.#listeners.push(listener);
    if (this.#nvml !== null) listener(this.#nvml);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#nvml?.close();
    return Promise.resolve();
  }

  #keep(nvml: Nvml): void {
    if (this.#nvml === nvml) return;
    if (this.#closed) return nvml.close();
    this.#nvml = nvml;
    for (const listener of this.#listeners) listener(nvml);
  }
}

/** Names of NVIDIA's devices as `devices` lists them: by their own name, then by their place. */
export function nvidiaIds({ gpus }: Inventory): IdOf {
  return (device) => {
    const index = gpus.findIndex(
      ({ uuid, pciId }) =>
        (device.uuid !== null && uuid === device.uuid) ||
        (device.pciId !== null && pciId === device.pciId),
    );
    return index < 0 ? (device.uuid ?? `nvidia-${device.index}`) : `gpu-${index}`;
  };
}

/** Ids of graphics devices by their place on the bus. */
export function idsByPlace({ gpus }: Inventory): readonly (readonly [string, string])[] {
  return gpus.flatMap(({ pciId }, index) =>
    pciId === null || pciId === undefined ? [] : [[pciId, `gpu-${index}`] as const],
  );
}
