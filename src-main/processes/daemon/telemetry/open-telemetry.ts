/** Decides what the daemon watches: the processor, what drivers show, and what others hand in. */

import { fileURLToPath } from "node:url";

import { openTelemetryStore } from "../../../adapters/disk/index.ts";
import { systemClock } from "../../../adapters/host/index.ts";
import { hasDriverDevices, openProcessor } from "../../../adapters/telemetry/index.ts";
import { rejectionOf } from "../../../api/index.ts";
import type { WatchedDevice } from "../../../ports/device-telemetry.ts";
import type { Log } from "../../../ports/log.ts";
import type { LimitAnswer, LimitWish } from "../../../ports/power-limit.ts";
import type { TelemetryStore } from "../../../ports/telemetry-store.ts";
import { forkModule } from "../../fork-child.ts";
import { fileCard } from "../rules/limited-cards.ts";
import type { LimitedCard } from "../rules/limited-cards.ts";
import type { StopStep } from "../stopping.ts";
import { DriverReader } from "./driver-reader.ts";
import { Telemetry } from "./telemetry.ts";

const READER = fileURLToPath(new URL("../../telemetry-reader.ts", import.meta.url));

/** What it is opened with. */
export interface TelemetryParts {
  /** Folder of what is kept. */
  readonly folder: string;
  readonly log: Log;
  /** Devices that others read: NVIDIA's. */
  readonly others: readonly WatchedDevice[];
  /** Ids of graphics devices as `devices` names them, by their place on the bus. */
  readonly ids: readonly (readonly [string, string])[];
  /** Told the cards whose drivers show a limit of power that may be set. */
  readonly onCards?: (cards: readonly LimitedCard[]) => void;
}

/** Begins to watch. A disk that refuses is said and costs the past, nothing else. */
export function openTelemetry(parts: TelemetryParts, stops: StopStep[]): Telemetry {
  const { folder, log, others, ids, onCards = () => undefined } = parts;
  const telemetry = new Telemetry({ clock: systemClock, log, store: openStore(folder, log) });
  telemetry.watch([openProcessor(), ...others]);
  const reader: DriverReader | null = hasDriverDevices()
    ? new DriverReader({
        fork: () => forkModule(READER),
        clock: systemClock,
        log,
        ids,
        onDevices: (devices) => {
          telemetry.watch(devices);
          onCards(fileCards(devices, (id, wish) => reader?.limit(id, wish)));
        },
      })
    : null;
  stops.push({
    name: "telemetry",
    stop: async () => {
      reader?.close();
      await telemetry.close();
    },
  });
  return telemetry;
}

/** The cards among them; what is asked of one is asked of its driver's reader. */
function fileCards(
  devices: readonly WatchedDevice[],
  ask: (id: string, wish: LimitWish) => Promise<LimitAnswer | undefined> | undefined,
): LimitedCard[] {
  return devices.flatMap((device) => {
    const { id, powerLimit } = device;
    const limit = (wish: LimitWish) => ask(id, wish) ?? Promise.resolve(undefined);
    return powerLimit === undefined ? [] : [fileCard(device, powerLimit, limit)];
  });
}

function openStore(folder: string, log: Log): TelemetryStore | null {
  try {
    const { store, putAside } = openTelemetryStore(folder);
    if (putAside !== null) {
      log.warn("kept telemetry was unreadable", { code: "TELEMETRY_DAMAGED", folder: putAside });
    }
    return store;
  } catch (error) {
    const { code, facts } = rejectionOf(error);
    log.warn("telemetry is not kept", { code, ...facts });
    return null;
  }
}
