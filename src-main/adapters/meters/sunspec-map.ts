/**
 * Decides how a SunSpec device's list of models is walked and its models are read: "SunS" where the
 * specification puts it, the wanted model, who made the device, and, for a store, the model that
 * tells how full it is.
 */

import { Fault } from "../../contract/outcome.ts";
import { harmlessName } from "./answer-fields.ts";
import { MODBUS_REGISTERS_MAX, SUNSPEC_MODELS_MAX, SUNSPEC_PORTS_MAX } from "./limits.ts";
import type { ModbusLine } from "./modbus-line.ts";
import { keepsRegister, registersNeeded } from "./sunspec-models.ts";
import type { SunspecRegister } from "./sunspec-models.ts";
import { textAt, u32At } from "./sunspec-registers.ts";
import type { ModelRegisters } from "./sunspec-registers.ts";
import { INPUTS_MODEL } from "./sunspec-inputs.ts";
import {
  CHARGE_MODELS,
  PORTS_MODEL,
  STORAGE_MODELS,
  hasStorePort,
  isHybrid,
  isStorageRegister,
  storageRegistersNeeded,
} from "./sunspec-storage.ts";
import type { StorageRegister } from "./sunspec-storage.ts";

/** What is looked for on a device. */
export interface WantedModel {
  readonly host: string;
  readonly register: SunspecRegister | StorageRegister;
  /** Null: the first model that keeps the register; of stores the better one. */
  readonly model: number | null;
  /** Where the map begins; null: looked for. */
  readonly base: number | null;
  /** Whether how full it is matters. */
  readonly isStore: boolean;
}

/** Where a model lies in a device's map. */
export interface PlacedModel {
  readonly id: number;
  readonly address: number;
  /** Registers, the head included. */
  readonly count: number;
}

/** What a walk found. */
export interface DeviceMap {
  readonly model: PlacedModel;
  /** Tells how full the store is; null where the device has no such model, or is no store. */
  readonly charge: PlacedModel | null;
  readonly makeModel: string | null;
  readonly serial: string | null;
}

/** Where the specification allows the map to begin. */
const BASES: readonly number[] = [40_000, 50_000, 0];

/** "SunS". */
const MARK = 0x53756e53;

const LIST_END = 0xffff;
const COMMON_MODEL = 1;

/** Registers of the common model up to its serial number's end, the head included. */
const COMMON_REGISTERS = 66;

const ILLEGAL_ADDRESS = 2;

/** Models that tell the DC side of an inverter part by part, the better first. */
const PARTED_MODELS: readonly number[] = [PORTS_MODEL, INPUTS_MODEL];

/** Registers of a model that are read at most: those of all ports of a model 714. */
const MODEL_REGISTERS_MAX = 20 + 25 * SUNSPEC_PORTS_MAX;

/**
 * Reads a model from its id on, in as many requests as it takes.
 * Throws Fault METERS_ANSWER where another model lies there.
 */
export async function readModel(line: ModbusLine, model: PlacedModel): Promise<ModelRegisters> {
  // Models that are read whole are longer than one request; of the others its first is enough.
  const isWhole = PARTED_MODELS.includes(model.id);
  const wanted = isWhole ? Math.min(model.count, MODEL_REGISTERS_MAX) : MODBUS_REGISTERS_MAX;
  const count = Math.min(model.count, wanted);
  const registers: number[] = [];
  while (registers.length < count) {
    const next = Math.min(count - registers.length, MODBUS_REGISTERS_MAX);
    registers.push(...(await line.read(model.address + registers.length, next)));
  }
  if (registers[0] === model.id && registers[1] === model.count - 2) return registers;
  throw new Fault("METERS_ANSWER", "another model lies where it was", { model: model.id });
}

/**
 * Finds the map, the wanted model in it, and who made the device.
 * Throws Fault METERS_NOT_SUNSPEC, METERS_NO_MODEL, METERS_ANSWER and those of the line.
 */
export async function walkDevice(line: ModbusLine, wanted: WantedModel): Promise<DeviceMap> {
  const models = await listModels(line, await findBase(line, wanted));
  const model = await wantedModel(line, wanted, models);
  if (model === undefined) {
    const has = models.map(({ id }) => id).join(" ");
    const facts = { register: wanted.register, wanted: wanted.model ?? "any", has };
    throw new Fault("METERS_NO_MODEL", "the device has no model with that register", facts);
  }
  if (model.count < (registersNeeded(model.id) ?? storageRegistersNeeded(model.id) ?? 0)) {
    const facts = { model: model.id, registers: model.count };
    throw new Fault("METERS_ANSWER", "the model is shorter than its definition", facts);
  }
  const charge = wanted.isStore ? chargeModel(models) : null;
  const common = models.find(({ id, count }) => id === COMMON_MODEL && count >= COMMON_REGISTERS);
  if (common === undefined) return { model, charge, makeModel: null, serial: null };
  const names = await line.read(common.address, COMMON_REGISTERS);
  const makeModel = harmlessName(`${textAt(names, 2, 16)} ${textAt(names, 18, 16)}`);
  return { model, charge, makeModel, serial: harmlessName(textAt(names, 50, 16)) };
}

async function wantedModel(
  line: ModbusLine,
  { model: wanted, register }: WantedModel,
  models: readonly PlacedModel[],
): Promise<PlacedModel | undefined> {
  if (!isStorageRegister(register)) {
    const panels = register === "produced" ? await panelsModel(line, wanted, models) : undefined;
    if (panels !== undefined) return panels;
    const fits = ({ id }: PlacedModel) => wanted === null || id === wanted;
    return models.find((one) => fits(one) && keepsRegister(one.id, register));
  }
  for (const id of STORAGE_MODELS) {
    if (wanted !== null && id !== wanted) continue;
    const model = models.find((one) => one.id === id);
    if (model === undefined) continue;
    // The DC ports of a hybrid inverter may be those of its panels alone.
    const isParted = wanted === null && PARTED_MODELS.includes(id);
    if (isParted && !hasStorePort(id, await readModel(line, model))) continue;
    return model;
  }
  return undefined;
}

/**
 * Of an inverter with a store on its DC side the parts that are the panels': its AC register holds
 * what the store gave as well, which would count as made a second time, and at night.
 */
async function panelsModel(
  line: ModbusLine,
  wanted: number | null,
  models: readonly PlacedModel[],
): Promise<PlacedModel | undefined> {
  for (const id of PARTED_MODELS) {
    const model = models.find((one) => one.id === id);
    if (model === undefined || (wanted !== null && wanted !== id)) continue;
    if (wanted === id || isHybrid(id, await readModel(line, model))) return model;
  }
  return undefined;
}

function chargeModel(models: readonly PlacedModel[]): PlacedModel | null {
  for (const id of CHARGE_MODELS) {
    const least = storageRegistersNeeded(id) ?? 0;
    const model = models.find((one) => one.id === id && one.count >= least);
    if (model !== undefined) return model;
  }
  return null;
}

async function findBase(line: ModbusLine, { base, host }: WantedModel): Promise<number> {
  const tried = base === null ? BASES : [base];
  for (const start of tried) {
    const mark = await orNothing(line.read(start, 2));
    if (mark !== null && u32At(mark, 0) === MARK) return start;
  }
  const facts = { host, tried: tried.join(" ") };
  throw new Fault("METERS_NOT_SUNSPEC", "no SunSpec map was found", facts);
}

/** A device says "illegal address" where it has nothing; that is an answer while looking. */
async function orNothing(reading: Promise<readonly number[]>): Promise<readonly number[] | null> {
  try {
    return await reading;
  } catch (error) {
    const isNothing = error instanceof Fault && error.facts["exception"] === ILLEGAL_ADDRESS;
    if (isNothing) return null;
    throw error;
  }
}

async function listModels(line: ModbusLine, base: number): Promise<readonly PlacedModel[]> {
  const models: PlacedModel[] = [];
  let address = base + 2;
  while (models.length < SUNSPEC_MODELS_MAX && address + 1 <= LIST_END) {
    const head = await orNothing(line.read(address, 2));
    if (head === null) break;
    const [id, length] = head;
    if (id === LIST_END) return models;
    models.push({ id, address, count: length + 2 });
    address += length + 2;
  }
  throw new Fault("METERS_ANSWER", "the list of models has no end", { models: models.length });
}
