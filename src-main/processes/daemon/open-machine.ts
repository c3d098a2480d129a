/** Decides what of the machine is one thing to the daemon: its devices, listed and watched. */

import { describeDevices, takeInventory } from "../../adapters/machine/index.ts";
import type { CpuEngine, Inventory, KnownGraphics } from "../../adapters/machine/index.ts";
import { systemClock } from "../../adapters/host/index.ts";
import type { Devices } from "../../contract/control-api/index.ts";
import type { Log } from "../../ports/log.ts";
import { KnownMachine } from "./known-machine.ts";
import { NvidiaLibrary, idsByPlace, nvidiaIds } from "./nvidia-library.ts";
import { LimitedCards, nvidiaCards } from "./rules/limited-cards.ts";
import type { LimitedCard } from "./rules/limited-cards.ts";
import type { StopStep } from "./stopping.ts";
import { openTelemetry } from "./telemetry/open-telemetry.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

/** The machine, open. */
export interface OpenMachine {
  /** What it had when it was opened; what is chosen at the start is chosen by it. */
  readonly inventory: Inventory;
  /** Opened with the first trace of such a device; meters come from here too. */
  readonly nvidia: NvidiaLibrary;
  /** What it has by the newest look. */
  current(): Inventory;
  devices(engine: CpuEngine, graphics: KnownGraphics): Devices;
  /** Begins to watch the devices. @param folder where what is seen is kept */
  watch(folder: string): Telemetry;
  /** Cards that can keep to a limit of power by themselves, as they are found. */
  onCards: LimitedCards["onCards"];
}

/** Looks at the machine. Never throws. */
export async function openMachine(log: Log, stops: StopStep[]): Promise<OpenMachine> {
  const nvidia = new NvidiaLibrary(log, stops);
  const look = () => takeInventory(undefined, undefined, { nvidia: () => nvidia.answer() });
  const inventory = await look();
  const limited = new LimitedCards();
  const known = new KnownMachine(inventory, look, systemClock);
  return {
    inventory,
    nvidia,
    current: () => known.current(),
    devices: (engine, graphics) => {
      const now = known.current();
      return { machine: now.machine, devices: describeDevices(now, engine, graphics) };
    },
    watch: (folder) => {
      const ids = idsByPlace(inventory);
      const onCards = (cards: readonly LimitedCard[]) => limited.add(cards);
      const telemetry = openTelemetry({ folder, log, others: [], ids, onCards }, stops);
      nvidia.whenOpen((nvml) => {
        const idOf = nvidiaIds(known.current());
        telemetry.watch(nvml.watched(idOf));
        limited.add(nvidiaCards(nvml, idOf));
      });
      return telemetry;
    },
    onCards: (listener) => limited.onCards(listener),
  };
}
