/**
 * Decides what SunSpec's storage models say, by the published model definitions
 * (github.com/sunspec/models): energy and power out of 714 (DC ports), 160 (DC inputs,
 * sunspec-inputs.ts) and 802 (battery), how full the store is out of 802, 713 and 124. Places count
 * from the model's id.
 *
 * Which way power flows: 714 counts "injected" and "absorbed" apart, and power is positive while
 * energy is injected, that is given by the store. 160 has an input of its own for each way. 802 has
 * one signed figure "to/from the battery" and no word on its sign: its owner says it (`positive`),
 * else the status of charge does, else nothing is told. Energy and power are those at the store's
 * own terminals (DC): what its inverter loses is in neither, and none is made up.
 */

import { Fault } from "../../contract/outcome.ts";
import type { StoreState, StoreStatus } from "../../ports/meter.ts";
import { SUNSPEC_PORTS_MAX } from "./limits.ts";
import { MILLIJOULES_PER_WATT_HOUR, registerMillijoules } from "./millijoules.ts";
import { hasInputOf, inputFigures, INPUTS_HEAD, INPUTS_MODEL } from "./sunspec-inputs.ts";
import { i16At, scaleAt, scaled, u16At, u64At } from "./sunspec-registers.ts";
import type { ModelRegisters } from "./sunspec-registers.ts";

/** DC ports of the newer kind of inverter. */
export const PORTS_MODEL = 714;

/** What a store gave and what it took. */
export type StorageRegister = "discharged" | "charged";

/** What a positive power of a store means; null: the model or the status of charge says it. */
export type PositiveFlow = "discharging" | "charging" | null;

/** What a model says of one way; at least one of both is there. */
export interface StorageFigures {
  readonly millijoules: number | null;
  readonly watts: number | null;
}

/** How full a store is, and how much it holds when full. */
export interface StoreCharge extends StoreState {
  readonly capacityWattHours: number | null;
}

/** Models with energy or power of a store, the better first. */
export const STORAGE_MODELS = [PORTS_MODEL, INPUTS_MODEL, 802] as const;

/** Models that tell how full a store is, the better first. */
export const CHARGE_MODELS = [802, 713, 124] as const;

const PORTS = {
  id: PORTS_MODEL,
  head: 20,
  each: 25,
  count: 4,
  powerScale: 17,
  energyScale: 18,
} as const;

/** Places in a port: what it is (1 is an energy store), its power, its two registers. */
const PORT = { type: 0, power: 12, discharged: 13, charged: 17 } as const;
const PORT_IS_PANELS = 0;
const PORT_IS_STORE = 1;

const BATTERY = { id: 802, count: 64, power: 47, powerScale: 63, status: 15 } as const;

/** Where a model keeps how full the store is. */
interface ChargeLayout {
  /** Registers, the head included. */
  readonly count: number;
  readonly share: number;
  /** Drafts of 713 end before it and tell whole percent. */
  readonly shareScale: number;
  readonly status: number | null;
  readonly capacity: number | null;
  readonly capacityScale: number;
}

const CHARGES: ReadonlyMap<number, ChargeLayout> = new Map([
  [124, { count: 26, share: 8, shareScale: 22, status: 11, capacity: null, capacityScale: 0 }],
  [713, { count: 8, share: 4, shareScale: 8, status: null, capacity: 2, capacityScale: 7 }],
  [802, { count: 64, share: 11, shareScale: 56, status: 15, capacity: 3, capacityScale: 53 }],
]);

/** `ChaSt` of 124 and 802, from 1 on. */
const STATUSES: readonly StoreStatus[] = [
  "off",
  "empty",
  "discharging",
  "charging",
  "full",
  "holding",
  "testing",
];

/** Whether a register is one of a store. */
export function isStorageRegister(register: string): register is StorageRegister {
  return register === "discharged" || register === "charged";
}

/** Registers of a storage model that must be read at least; null for any other model. */
export function storageRegistersNeeded(model: number): number | null {
  if (model === PORTS.id) return PORTS.head + PORTS.each;
  if (model === INPUTS_MODEL) return INPUTS_HEAD;
  return CHARGES.get(model)?.count ?? null;
}

/** Whether one of the DC ports of a model 714, or of the inputs of a 160, is a store. */
export function hasStorePort(model: number, registers: ModelRegisters): boolean {
  return model === INPUTS_MODEL
    ? hasInputOf("charged", registers) || hasInputOf("discharged", registers)
    : portsOf(registers, PORT_IS_STORE).length > 0;
}

/** Whether a model shows a store and panels beside it: a hybrid inverter. */
export function isHybrid(model: number, registers: ModelRegisters): boolean {
  const hasPanels =
    model === INPUTS_MODEL
      ? hasInputOf("panels", registers)
      : portsOf(registers, PORT_IS_PANELS).length > 0;
  return hasPanels && hasStorePort(model, registers);
}

/** Whether a model tells the panels of a hybrid inverter apart. */
export function keepsPanels(model: number): boolean {
  return model === PORTS.id || model === INPUTS_MODEL;
}

/**
 * What the panels of a hybrid inverter made: the ports or inputs that are theirs alone.
 * Throws Fault METERS_NO_VALUE where they tell neither energy nor power, and as `storageFigures`.
 */
export function panelFigures(model: number, registers: ModelRegisters): StorageFigures {
  const figures =
    model === INPUTS_MODEL
      ? inputFigures("panels", registers)
      : portSums("discharged", portsOf(registers, PORT_IS_PANELS), registers, (watts) => watts);
  if (figures.millijoules !== null || figures.watts !== null) return figures;
  throw new Fault("METERS_NO_VALUE", "the panels tell neither energy nor power", { model });
}

/**
 * Reads one way of a store.
 * Throws Fault METERS_NO_MODEL where the model has no store, METERS_NO_VALUE where it tells neither
 * energy nor a power whose direction is known, METERS_ANSWER where it is shorter than it says.
 */
export function storageFigures(
  model: number,
  asked: { readonly register: StorageRegister; readonly positive: PositiveFlow },
  registers: ModelRegisters,
): StorageFigures {
  const figures =
    model === PORTS.id
      ? portFigures(asked, registers)
      : model === INPUTS_MODEL
        ? inputFigures(asked.register, registers)
        : batteryFigures(model, asked, registers);
  if (figures.millijoules !== null || figures.watts !== null) return figures;
  const facts = { model, register: asked.register, key: "positive" };
  throw new Fault("METERS_NO_VALUE", "the store tells no energy, and no way of its power", facts);
}

type Asked = Parameters<typeof storageFigures>[1];

function portsOf(registers: ModelRegisters, type: number): number[] {
  const ports = u16At(registers, PORTS.count) ?? 0;
  const isWhole = registers.length >= PORTS.head + ports * PORTS.each;
  if (ports > SUNSPEC_PORTS_MAX || !isWhole) {
    const facts = { model: PORTS.id, ports, registers: registers.length };
    throw new Fault("METERS_ANSWER", "the model has other ports than it says", facts);
  }
  return Array.from({ length: ports }, (_, port) => PORTS.head + port * PORTS.each).filter(
    (start) => registers[start + PORT.type] === type,
  );
}

function portFigures({ register, positive }: Asked, registers: ModelRegisters): StorageFigures {
  const ports = portsOf(registers, PORT_IS_STORE);
  const oneWayOf = (flow: number) => oneWay(register, positive === "charging" ? -flow : flow);
  return portSums(register, ports, registers, oneWayOf);
}

/** Sums of some ports; null as soon as one of them tells no part of it. */
function portSums(
  register: StorageRegister,
  ports: readonly number[],
  registers: ModelRegisters,
  wattsOf: (flow: number) => number | null,
): StorageFigures {
  if (ports.length === 0) {
    throw new Fault("METERS_NO_MODEL", "none of its ports is one of these", { model: PORTS.id });
  }
  const energyScale = scaleAt(registers, PORTS.energyScale);
  const powerScale = scaleAt(registers, PORTS.powerScale);
  let energy: bigint | null = 0n;
  let power: number | null = 0;
  for (const start of ports) {
    const counted = u64At(registers, start + PORT[register]);
    const watts = i16At(registers, start + PORT.power);
    energy = energy === null || counted === null ? null : energy + counted;
    power = power === null || watts === null ? null : power + watts;
  }
  const isEnergy = energy !== null && energyScale !== null;
  return {
    millijoules: isEnergy
      ? registerMillijoules(scaled(Number(energy) * MILLIJOULES_PER_WATT_HOUR, energyScale))
      : null,
    watts: power === null || powerScale === null ? null : wattsOf(scaled(power, powerScale)),
  };
}

function batteryFigures(
  model: number,
  { register, positive }: Asked,
  registers: ModelRegisters,
): StorageFigures {
  if (model !== BATTERY.id || registers.length < BATTERY.count) {
    const facts = { model, registers: registers.length };
    throw new Fault("METERS_ANSWER", "the model is shorter than its definition", facts);
  }
  const value = i16At(registers, BATTERY.power);
  const scale = scaleAt(registers, BATTERY.powerScale);
  const flow = value === null || scale === null ? null : scaled(value, scale);
  const status = statusAt(registers, BATTERY.status);
  return { millijoules: null, watts: oneWay(register, directed(flow, positive, status)) };
}

/** Watts that the store gives (below 0: takes); null where nobody says which way it is. */
function directed(
  watts: number | null,
  positive: PositiveFlow,
  status: StoreStatus | null,
): number | null {
  if (watts === null || watts === 0) return watts;
  if (positive !== null) return positive === "discharging" ? watts : -watts;
  if (status === "discharging") return Math.abs(watts);
  return status === "charging" ? -Math.abs(watts) : null;
}

function oneWay(register: StorageRegister, given: number | null): number | null {
  if (given === null) return null;
  return Math.max(0, register === "discharged" ? given : -given);
}

/** How full the store is; null for what it does not say, as for a model without it. */
export function chargeOf(model: number, registers: ModelRegisters): StoreCharge {
  const layout = CHARGES.get(model);
  if (layout === undefined || registers.length < layout.count) {
    return { share: null, status: null, capacityWattHours: null };
  }
  const { share, shareScale, status, capacity, capacityScale } = layout;
  const scale = registers.length > shareScale ? scaleAt(registers, shareScale) : 0;
  return {
    share: shareOf(u16At(registers, share), scale),
    status: status === null ? null : statusAt(registers, status),
    capacityWattHours: capacity === null ? null : whole(registers, capacity, capacityScale),
  };
}

/** Percent as a share; what is no share of a whole is no value. */
function shareOf(percent: number | null, scale: number | null): number | null {
  if (percent === null || scale === null) return null;
  const share = scaled(percent, scale) / 100;
  return share >= 0 && share <= 1 ? share : null;
}

function whole(registers: ModelRegisters, place: number, scalePlace: number): number | null {
  const value = u16At(registers, place);
  const scale = scaleAt(registers, scalePlace);
  if (value === null || scale === null) return null;
  const wattHours = Math.floor(scaled(value, scale));
  return wattHours >= 1 && Number.isSafeInteger(wattHours * MILLIJOULES_PER_WATT_HOUR)
    ? wattHours
    : null;
}

function statusAt(registers: ModelRegisters, place: number): StoreStatus | null {
  const value = u16At(registers, place);
  return value === null ? null : (STATUSES[value - 1] ?? null);
}
