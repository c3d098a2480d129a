/**
 * Decides what SunSpec model 160 says (multiple MPPT extension, github.com/sunspec/models): the DC
 * inputs of an inverter, each with power and a register that only grows. The model has no field for
 * what hangs on an input, so its name says it: inverters whose battery is on the DC side show two
 * inputs more, one for each way (Fronius GEN24: "StCha 3", "StDisCha 4"). Of such a device the AC
 * register holds what the battery gave beside what the panels made; only the panels' inputs hold
 * theirs alone. Energy is at the DC side: what the inverter loses is in no figure.
 */

import { Fault } from "../../contract/outcome.ts";
import { SUNSPEC_PORTS_MAX } from "./limits.ts";
import { MILLIJOULES_PER_WATT_HOUR, registerMillijoules } from "./millijoules.ts";
import { scaleAt, scaled, textAt, u16At, u32At } from "./sunspec-registers.ts";
import type { ModelRegisters } from "./sunspec-registers.ts";

/** Multiple MPPT inverter extension. */
export const INPUTS_MODEL = 160;

/** Registers before the first input, the head included. */
export const INPUTS_HEAD = 10;

const MODEL = { powerScale: 4, energyScale: 5, count: 8, each: 20 } as const;
const INPUT = { name: 1, nameRegisters: 8, power: 11, energy: 12 } as const;

/** Whose energy an input carries. */
export type InputUse = "panels" | "charged" | "discharged";

/** What inputs of one use say together. */
export interface InputFigures {
  readonly millijoules: number | null;
  readonly watts: number | null;
}

const CHARGED = /^st(?:orage)?[ _-]?cha/i;
const DISCHARGED = /^st(?:orage)?[ _-]?dis[ _-]?cha/i;

/** Whether an input carries that. Throws Fault METERS_ANSWER as `inputFigures`. */
export function hasInputOf(wanted: InputUse, registers: ModelRegisters): boolean {
  return inputsOf(registers).some(({ use }) => use === wanted);
}

/**
 * Sums of the inputs of one use; null as soon as one of them does not tell its part.
 * Throws Fault METERS_ANSWER where the model is shorter than it says, METERS_NO_MODEL without such
 * an input.
 */
export function inputFigures(use: InputUse, registers: ModelRegisters): InputFigures {
  const inputs = inputsOf(registers).filter((input) => input.use === use);
  if (inputs.length === 0) {
    throw new Fault("METERS_NO_MODEL", "none of its inputs is one of these", {
      model: INPUTS_MODEL,
      use,
    });
  }
  const energyScale = scaleAt(registers, MODEL.energyScale);
  const powerScale = scaleAt(registers, MODEL.powerScale);
  let energy: number | null = 0;
  let power: number | null = 0;
  for (const { start } of inputs) {
    const counted = u32At(registers, start + INPUT.energy);
    const watts = u16At(registers, start + INPUT.power);
    // All bits set say "not implemented", and so does an accumulator of 0 that carries power.
    const isCounted = counted !== null && counted !== ABSENT_U32 && !(counted === 0 && watts);
    energy = energy === null || !isCounted ? null : energy + counted;
    power = power === null || watts === null ? null : power + watts;
  }
  return {
    millijoules:
      energy === null || energyScale === null
        ? null
        : registerMillijoules(scaled(energy * MILLIJOULES_PER_WATT_HOUR, energyScale)),
    watts: power === null || powerScale === null ? null : scaled(power, powerScale),
  };
}

const ABSENT_U32 = 0xffff_ffff;

function inputsOf(registers: ModelRegisters): { readonly start: number; readonly use: InputUse }[] {
  const count = u16At(registers, MODEL.count) ?? 0;
  if (count > SUNSPEC_PORTS_MAX || registers.length < INPUTS_HEAD + count * MODEL.each) {
    const facts = { model: INPUTS_MODEL, inputs: count, registers: registers.length };
    throw new Fault("METERS_ANSWER", "the model has other inputs than it says", facts);
  }
  return Array.from({ length: count }, (_, input) => {
    const start = INPUTS_HEAD + input * MODEL.each;
    const name = textAt(registers, start + INPUT.name, INPUT.nameRegisters).trim();
    const use = DISCHARGED.test(name) ? "discharged" : CHARGED.test(name) ? "charged" : "panels";
    return { start, use };
  });
}
