/** Decides how watching devices, counting energy, rules and reports meet in the daemon. */

import { join } from "node:path";

import {
  energyHandlers,
  energyReportHandlers,
  limitsHandlers,
  rulesHandlers,
  telemetryHandlers,
} from "../../api/index.ts";
import type { LedgerNeeds } from "../../api/index.ts";
import { hexToBytes } from "../../contract/bytes.ts";
import type { Hasher } from "../../crypto/index.ts";
import type { JobRow } from "../../ledger/index.ts";
import type { Node } from "../../node/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { DataFolder } from "../config/data-folder.ts";
import type { Config } from "../config/keys.ts";
import { configSource } from "../config/load-config.ts";
import type { ChosenEngine } from "./choose-engine.ts";
import { deviceMetrics } from "./device-metrics.ts";
import { openMachineEnergy, trainingDevice } from "./energy/machine-energy.ts";
import type { Energy } from "./energy/open-energy.ts";
import type { Founding } from "./founding.ts";
import type { OpenMachine } from "./open-machine.ts";
import { chipFacts } from "./reports/chip-facts.ts";
import { openEnergyReports } from "./reports/open-energy-reports.ts";
import type { EnergyReports } from "./reports/open-energy-reports.ts";
import type { OwnUnitMeter } from "./reports/unit-energy-meter.ts";
import { CardLimits } from "./rules/card-limits.ts";
import { changedLimitsFile } from "./rules/changed-limits.ts";
import type { HeldMining } from "./rules/held-mining.ts";
import { openRules } from "./rules/open-rules.ts";
import type { StopStep } from "./stopping.ts";

/** What this machine gives, and what is said of rewards. */
export interface MeasuredGiven {
  readonly hasher: Hasher;
  readonly clock: Clock;
  readonly valueNote: string;
}

/** What measuring is opened with. */
export interface MeasuredParts {
  readonly folder: DataFolder;
  readonly config: Config;
  readonly log: Log;
  readonly engine: ChosenEngine;
  readonly machine: OpenMachine;
  readonly mining: HeldMining;
  readonly ledgerNeeds: LedgerNeeds;
  readonly founding: Founding;
  readonly jobName: (job: JobRow) => string;
  readonly unitMeter: OwnUnitMeter;
}

/** Watches devices, counts energy, holds work by rules, and reports. */
export function openMeasured(parts: MeasuredParts, given: MeasuredGiven, stops: StopStep[]) {
  const { engine, machine, mining, ledgerNeeds, jobName, unitMeter } = parts;
  const { node } = ledgerNeeds;
  const telemetry = machine.watch(parts.folder.telemetry);
  const energy = openMachineEnergy({ ...parts, node, jobName, valueNote: given.valueNote }, stops);
  const training = trainingDevice(machine, engine);
  unitMeter.bind(energy.store, training, () => energy.loads());
  const counted = energyHandlers(energy.answers);
  const cards = openCardLimits(parts, stops);
  const { governor, limits } = openRules(
    {
      ...parts,
      telemetry,
      energy: counted,
      loads: () => energy.loads(),
      training,
      cards,
      source: configSource(parts.folder.home),
      deadlineOf: (unit) => deadlineIn(node, unit),
    },
    stops,
  );
  const reports = openReports(parts, given, energy);
  stops.push({ name: "energy reports", stop: () => reports.stop() });
  return {
    handlers: {
      ...telemetryHandlers(telemetry),
      ...rulesHandlers(governor),
      ...limitsHandlers(limits),
      ...counted,
      ...energyReportHandlers(reports),
    },
    rewardEnergy: energy.answers?.reward,
    metrics: {
      mineState: () => mining.status().state,
      energy: () => energy.metrics(),
      devices: deviceMetrics(telemetry),
      limits: () => ({ devices: limits.state().devices, held: governor.state().code }),
    },
    begin: () => {
      energy.begin();
      reports.begin();
    },
  };
}

/** Cards that keep to caps themselves; what they had is put back before the library is closed. */
function openCardLimits({ folder, log, machine }: MeasuredParts, stops: StopStep[]): CardLimits {
  const kept = changedLimitsFile(join(folder.home, "power-limits.json"));
  const cards = new CardLimits({ kept, log });
  machine.onCards((found) => void cards.take(found));
  stops.push({ name: "power limits", stop: () => cards.close() });
  return cards;
}

/** When a unit must be sealed; null where none is due. */
function deadlineIn(node: Pick<Node, "unit">, unit: string): number | null {
  const row = node.unit(hexToBytes(unit));
  return row === undefined || row.phase !== "assigned" ? null : Number(row.deadline);
}

/** Reports of energy; the account's days are anchored where energy is counted. */
function openReports(
  { folder, config, log, ledgerNeeds, founding, machine }: MeasuredParts,
  { hasher, clock }: MeasuredGiven,
  energy: Energy,
): EnergyReports {
  const { zone, location, attributes, residualMilligrams } = config.energy;
  return openEnergyReports({
    hasher,
    clock,
    log,
    node: ledgerNeeds.node,
    founding,
    store: energy.store,
    settings: { zone, location, attributes, residualMilligrams },
    folder: folder.energy,
    chipOf: (device) => chipFacts(machine.current(), device),
    datasets: (source) => energy.signals?.datasetOf(source),
  });
}
