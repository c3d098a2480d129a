/**
 * Decides what SunSpec registers mean: integers with a scale factor, floats, accumulators, and the
 * patterns that say "this point is not implemented" (SunSpec Device Information Model
 * Specification, section "Data types").
 */

/** Registers of a model from its id on, so that places are those of the published definitions. */
export type ModelRegisters = readonly number[];

const I16_ABSENT = 0x8000;
const U16_ABSENT = 0xffff;
const U16_SIZE = 2 ** 16;

/** Scale factors beyond this are none; the specification allows −10 to 10. */
const SCALE_MAX = 10;

/** A signed 16-bit point; null where it is not implemented or lies beyond the model. */
export function i16At(registers: ModelRegisters, place: number): number | null {
  const value = registers.at(place);
  if (value === undefined || value === I16_ABSENT) return null;
  return value >= I16_ABSENT ? value - U16_SIZE : value;
}

/** An unsigned 16-bit point; null where it is not implemented or lies beyond the model. */
export function u16At(registers: ModelRegisters, place: number): number | null {
  const value = registers.at(place);
  return value === undefined || value === U16_ABSENT ? null : value;
}

/** A scale factor as a power of ten; null where it is none. */
export function scaleAt(registers: ModelRegisters, place: number): number | null {
  const value = i16At(registers, place);
  return value === null || Math.abs(value) > SCALE_MAX ? null : value;
}

/** An unsigned 32-bit number; null beyond the model. */
export function u32At(registers: ModelRegisters, place: number): number | null {
  if (place + 1 >= registers.length) return null;
  return registers[place] * U16_SIZE + registers[place + 1];
}

/** An unsigned 64-bit number; null beyond the model, or where all bits say "not implemented". */
export function u64At(registers: ModelRegisters, place: number): bigint | null {
  if (place + 3 >= registers.length) return null;
  let value = 0n;
  for (let index = 0; index < 4; index += 1)
    value = (value << 16n) | BigInt(registers[place + index]);
  return value === 2n ** 64n - 1n ? null : value;
}

/** A 32-bit float; null where it is NaN, which says "not implemented", or infinite. */
export function f32At(registers: ModelRegisters, place: number): number | null {
  if (place + 1 >= registers.length) return null;
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, registers[place]);
  view.setUint16(2, registers[place + 1]);
  const value = view.getFloat32(0);
  return Number.isFinite(value) ? value : null;
}

/** Text of so many registers, up to its first zero byte. */
export function textAt(registers: ModelRegisters, place: number, count: number): string {
  const bytes = registers.slice(place, place + count).flatMap((word) => [word >> 8, word & 0xff]);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.slice(0, end)).toString("utf8");
}

/** The value times ten to the scale, with one rounding for the scales that meters use. */
export function scaled(value: number, scale: number): number {
  return scale < 0 ? value / 10 ** -scale : value * 10 ** scale;
}
