/**
 * Decides where the SunSpec models keep energy and power, by the published model definitions
 * (github.com/sunspec/models): inverters 101–103 and 111–113 (floats), 701; meters 201–204 and
 * 211–214 (floats); the signing meter 220. Places count from the model's id. What stores say is
 * read in sunspec-storage.ts.
 */

import { Fault } from "../../contract/outcome.ts";
import { MILLIJOULES_PER_WATT_HOUR, registerMillijoules } from "./millijoules.ts";
import { f32At, i16At, scaleAt, scaled, u32At, u64At } from "./sunspec-registers.ts";
import type { ModelRegisters } from "./sunspec-registers.ts";

/** Which register: what an inverter made or took in, what a meter saw bought or sold. */
export type SunspecRegister = "produced" | "absorbed" | "bought" | "sold";

/** What a model says. */
export interface SunspecFigures {
  readonly millijoules: number;
  readonly wrapsAtMillijoules: number | null;
  /** Signed as the model gives it; null where it gives none. */
  readonly watts: number | null;
}

/** How a family of models keeps a register. */
interface Layout {
  /** Registers to read, the head included; at most MODBUS_REGISTERS_MAX. */
  readonly count: number;
  readonly form: "acc32" | "float" | "uint64";
  readonly energy: Partial<Readonly<Record<SunspecRegister, number>>>;
  readonly energyScale: number;
  readonly power: number;
  readonly powerScale: number;
}

const INVERTER: Layout = {
  count: 52,
  form: "acc32",
  energy: { produced: 24 },
  energyScale: 26,
  power: 14,
  powerScale: 15,
};
const INVERTER_FLOAT: Layout = {
  count: 62,
  form: "float",
  energy: { produced: 32 },
  energyScale: 0,
  power: 22,
  powerScale: 0,
};
const DER: Layout = {
  count: 123,
  form: "uint64",
  energy: { produced: 19, absorbed: 23 },
  energyScale: 120,
  power: 10,
  powerScale: 116,
};
const METER: Layout = {
  count: 107,
  form: "acc32",
  energy: { sold: 38, bought: 46 },
  energyScale: 54,
  power: 18,
  powerScale: 22,
};
const METER_FLOAT: Layout = {
  count: 124,
  form: "float",
  energy: { sold: 60, bought: 68 },
  energyScale: 0,
  power: 28,
  powerScale: 0,
};
const SECURE_METER: Layout = {
  count: 44,
  form: "acc32",
  energy: { sold: 16, bought: 18 },
  energyScale: 20,
  power: 8,
  powerScale: 9,
};

/** The model whose readings are signed. */
export const SECURE_MODEL = 220;

const LAYOUTS: ReadonlyMap<number, Layout> = new Map([
  ...[101, 102, 103].map((id) => [id, INVERTER] as const),
  ...[111, 112, 113].map((id) => [id, INVERTER_FLOAT] as const),
  [701, DER],
  ...[201, 202, 203, 204].map((id) => [id, METER] as const),
  ...[211, 212, 213, 214].map((id) => [id, METER_FLOAT] as const),
  [SECURE_MODEL, SECURE_METER],
]);

/** Whether the model keeps that register. */
export function keepsRegister(model: number, register: SunspecRegister): boolean {
  return LAYOUTS.get(model)?.energy[register] !== undefined;
}

/** Registers of the model that must be read for its figures; null for a model without any. */
export function registersNeeded(model: number): number | null {
  return LAYOUTS.get(model)?.count ?? null;
}

/**
 * Reads energy and power out of a model.
 * Throws Fault METERS_NO_VALUE where the device says "not implemented" at this moment,
 * METERS_ANSWER where the model is shorter than its definition, METERS_NO_MODEL where it has no
 * such register.
 */
export function figuresOf(
  model: number,
  register: SunspecRegister,
  registers: ModelRegisters,
): SunspecFigures {
  const layout = LAYOUTS.get(model);
  const place = layout?.energy[register];
  if (layout === undefined || place === undefined) {
    throw new Fault("METERS_NO_MODEL", "the model has no such register", { model, register });
  }
  if (registers.length < layout.count) {
    const facts = { model, registers: registers.length, needed: layout.count };
    throw new Fault("METERS_ANSWER", "the model is shorter than its definition", facts);
  }
  const energy = energyOf(layout, place, registers);
  if (energy === null) {
    throw new Fault("METERS_NO_VALUE", "the register holds no value now", { model, register });
  }
  return { ...energy, watts: powerOf(layout, registers) };
}

type Energy = Pick<SunspecFigures, "millijoules" | "wrapsAtMillijoules">;

function energyOf(layout: Layout, place: number, registers: ModelRegisters): Energy | null {
  if (layout.form === "float") {
    const wattHours = f32At(registers, place);
    if (wattHours === null) return null;
    const millijoules = registerMillijoules(wattHours * MILLIJOULES_PER_WATT_HOUR);
    return { millijoules, wrapsAtMillijoules: null };
  }
  const scale = scaleAt(registers, layout.energyScale);
  if (scale === null) return null;
  if (layout.form === "uint64") {
    const value = u64At(registers, place);
    if (value === null) return null;
    const millijoules = scaled(Number(value) * MILLIJOULES_PER_WATT_HOUR, scale);
    return { millijoules: registerMillijoules(millijoules), wrapsAtMillijoules: null };
  }
  const value = u32At(registers, place);
  // An accumulator says "not implemented" by 0; one that has counted nothing yet looks the same.
  if (value === null || value === 0) return null;
  return {
    millijoules: registerMillijoules(scaled(value * MILLIJOULES_PER_WATT_HOUR, scale)),
    wrapsAtMillijoules: wrapOf(scale),
  };
}

/** Where an accumulator of 32 bits begins anew; null where that is beyond any safe integer. */
function wrapOf(scale: number): number | null {
  const wraps = scaled(2 ** 32 * MILLIJOULES_PER_WATT_HOUR, scale);
  return Number.isSafeInteger(wraps) ? wraps : null;
}

function powerOf(layout: Layout, registers: ModelRegisters): number | null {
  if (layout.form === "float") return f32At(registers, layout.power);
  const value = i16At(registers, layout.power);
  const scale = scaleAt(registers, layout.powerScale);
  return value === null || scale === null ? null : scaled(value, scale);
}
