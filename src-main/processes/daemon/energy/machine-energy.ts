/** Decides how counting energy meets the rest of the daemon: devices, units, settings. */

import { isSameDevice } from "../../../adapters/machine/index.ts";
import { hexToBytes } from "../../../contract/bytes.ts";
import type { JobRow } from "../../../ledger/index.ts";
import type { Node } from "../../../node/index.ts";
import type { Log } from "../../../ports/log.ts";
import type { DataFolder } from "../../config/data-folder.ts";
import type { Config } from "../../config/keys.ts";
import type { ChosenEngine } from "../choose-engine.ts";
import type { Mining } from "../mining.ts";
import { idsByPlace, nvidiaIds } from "../nvidia-library.ts";
import type { OpenMachine } from "../open-machine.ts";
import type { StopStep } from "../stopping.ts";
import { openEnergy } from "./open-energy.ts";
import type { Energy } from "./open-energy.ts";

/** What energy is counted for. */
export interface MachineEnergyParts {
  readonly folder: DataFolder;
  readonly config: Config;
  readonly log: Log;
  readonly engine: ChosenEngine;
  readonly machine: OpenMachine;
  readonly mining: Mining;
  readonly node: Pick<Node, "job">;
  readonly jobName: (job: JobRow) => string;
  /** Said beside rewards that have no value. */
  readonly valueNote: string;
}

/** Energy of this machine; the miner's news are looked at as they come. */
export function openMachineEnergy(parts: MachineEnergyParts, stops: StopStep[]): Energy {
  const { folder, config, log, engine, machine, mining, node, jobName, valueNote } = parts;
  const { inventory, nvidia } = machine;
  const places = new Map(idsByPlace(inventory));
  const energy = openEnergy(
    {
      folder: folder.energy,
      settings: config.energy,
      meters: config.meters,
      timeZone: config.owner.timeZone,
      log,
      device: trainingDevice(machine, engine),
      deviceAt: (pci) => places.get(pci) ?? null,
      // What is paused keeps its phase and is not worked at.
      units: () => {
        const isPaused = mining.status().state === "paused";
        return mining.units().filter(({ phase }) => !isPaused || phase !== "training");
      },
      jobName: (id) => {
        const job = node.job(hexToBytes(id));
        return job === undefined ? "" : jobName(job);
      },
      valueNote,
    },
    stops,
  );
  mining.onChange(() => energy.lookAtUnits());
  nvidia.whenOpen((nvml) => energy.watch(nvml.meters(nvidiaIds(inventory))));
  return energy;
}

/** Id of the device that trains, as `devices` has it. */
export function trainingDevice(
  { inventory }: Pick<OpenMachine, "inventory">,
  { graphics }: Pick<ChosenEngine, "graphics">,
): string {
  if (graphics === undefined) return "cpu";
  const index = inventory.gpus.findIndex(
    (gpu) => graphics.name.includes(gpu.model) && isSameDevice(gpu, graphics),
  );
  return `gpu-${Math.max(0, index)}`;
}
