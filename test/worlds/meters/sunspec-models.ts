/**
 * Register blocks of SunSpec models, written from the public model definitions (numbers and places
 * of points; not recorded from a device). Each is made anew for each request, so a profile that the
 * clock drives is what a client reads.
 */

import type { PowerProfile } from "./power-profile.ts";

/** A model in a device's map: its id and its registers without the two of the head. */
export interface SunspecModel {
  readonly id: number;
  /** Stated length; another than the registers' own where the device states a wrong one. */
  readonly length?: number;
  registers(): readonly number[];
}

const MILLIJOULES_PER_WATT_HOUR = 3_600_000;
const NOT_IMPLEMENTED_I16 = 0x8000;

/** What a model shows. */
export interface ShownEnergy {
  readonly profile: PowerProfile;
  /** Decimal exponent of the energy registers. */
  readonly energyScale?: number;
  /** Watt hours in the register when the profile began. */
  readonly startWattHours?: number;
}

export const text = (words: string, registers: number): number[] =>
  Array.from(
    { length: registers },
    (_, index) =>
      ((words.charCodeAt(index * 2) || 0) << 8) | (words.charCodeAt(index * 2 + 1) || 0),
  );

/** A 16-bit register. */
export const u16 = (value: number): number => value & 0xffff;

export const u32 = (value: number): number[] => {
  const wrapped = ((value % 2 ** 32) + 2 ** 32) % 2 ** 32;
  return [Math.floor(wrapped / 2 ** 16), wrapped % 2 ** 16];
};

/** Four registers of an unsigned number. */
export const u64 = (value: bigint): number[] =>
  [48n, 32n, 16n, 0n].map((shift) => Number((value >> shift) & 0xffffn));

const f32 = (value: number): number[] => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
};

/** The register of a profile, in steps of its scale, as a meter truncates it. */
export function counted({ profile, energyScale = 0, startWattHours = 0 }: ShownEnergy): number {
  const wattHours = profile.millijoules() / MILLIJOULES_PER_WATT_HOUR + startWattHours;
  return Math.floor(wattHours / 10 ** energyScale + 1e-9);
}

/** Puts points at their places (counted with the head's two registers, as the definitions do). */
export function block(
  length: number,
  points: Readonly<Record<number, readonly number[]>>,
): number[] {
  const registers = new Array<number>(length).fill(NOT_IMPLEMENTED_I16);
  for (const [place, values] of Object.entries(points)) {
    for (const [index, value] of values.entries()) registers[Number(place) - 2 + index] = value;
  }
  return registers;
}

/** Model 1: who made it. */
export function commonModel(
  maker = "Simulated",
  model = "SIM-5000",
  serial = "SN-1",
): SunspecModel {
  const registers = [
    ...text(maker, 16),
    ...text(model, 16),
    ...text("", 8),
    ...text("1.0", 8),
    ...text(serial, 16),
    1,
    0x8000,
  ];
  return { id: 1, registers: () => registers };
}

/** Models 101 to 103: an inverter in integers; its energy is an acc32. */
export function inverterModel(shown: ShownEnergy, id: 101 | 102 | 103 = 103): SunspecModel {
  const { profile, energyScale = 0 } = shown;
  return {
    id,
    registers: () =>
      block(50, {
        14: [u16(profile.watts())],
        15: [0],
        24: u32(counted(shown)),
        26: [u16(energyScale)],
        38: [4],
      }),
  };
}

/** Models 111 to 113: an inverter in floats. */
export function floatInverterModel(shown: ShownEnergy, id: 111 | 112 | 113 = 113): SunspecModel {
  const registers = () =>
    block(60, { 22: f32(shown.profile.watts()), 32: f32(counted({ ...shown, energyScale: 0 })) });
  return { id, registers };
}

/** Model 701: an inverter of the newer kind; its energy is an uint64. */
export function derModel(injected: ShownEnergy, absorbed: ShownEnergy): SunspecModel {
  const { profile, energyScale = 0 } = injected;
  return {
    id: 701,
    registers: () =>
      block(153, {
        10: [u16(profile.watts())],
        19: u64(BigInt(counted(injected))),
        23: u64(BigInt(counted({ ...absorbed, energyScale }))),
        116: [0],
        120: [u16(energyScale)],
      }),
  };
}

/** What a meter at the connection to the grid shows: both ways. */
export interface ShownFlows {
  readonly bought: ShownEnergy;
  readonly sold: ShownEnergy;
}

/** Models 201 to 204: a meter in integers. */
export function meterModel(
  { bought, sold }: ShownFlows,
  id: 201 | 202 | 203 | 204 = 203,
): SunspecModel {
  const { energyScale = 0 } = bought;
  return {
    id,
    registers: () =>
      block(105, {
        18: [u16(bought.profile.watts() - sold.profile.watts())],
        22: [0],
        38: u32(counted({ ...sold, energyScale })),
        46: u32(counted(bought)),
        54: [u16(energyScale)],
      }),
  };
}

/** Models 211 to 214: a meter in floats. */
export function floatMeterModel(
  { bought, sold }: ShownFlows,
  id: 211 | 212 | 213 | 214 = 213,
): SunspecModel {
  return {
    id,
    registers: () =>
      block(124, {
        28: f32(bought.profile.watts() - sold.profile.watts()),
        60: f32(counted({ ...sold, energyScale: 0 })),
        68: f32(counted({ ...bought, energyScale: 0 })),
      }),
  };
}

/** What model 220 says of the moment, and how it signs. */
export interface SecureOptions extends ShownFlows {
  readonly nowMs: () => number;
  readonly algorithm: 0 | 1 | 2;
  /** Signs the bytes of all registers before the signature, the head included. */
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

const MS_2000 = Date.UTC(2000, 0, 1);

/** Model 220: a meter that signs. */
export function secureMeterModel(options: SecureOptions): SunspecModel {
  const { bought, sold, nowMs, algorithm, sign } = options;
  const { energyScale = 0 } = bought;
  const signatureRegisters = algorithm === 2 ? 32 : 4;
  let sequence = 0;
  return {
    id: 220,
    registers() {
      sequence = (sequence + 1) & 0xffff;
      const sinceMs = nowMs() - MS_2000;
      const head = block(42, {
        8: [u16(bought.profile.watts() - sold.profile.watts())],
        9: [0],
        16: u32(counted({ ...sold, energyScale })),
        18: u32(counted(bought)),
        20: [u16(energyScale)],
        38: u32(Math.floor(sinceMs / 1_000)),
        40: [sinceMs % 1_000],
        41: [sequence],
        42: [algorithm],
        43: [signatureRegisters],
      });
      const signed = [220, 42 + signatureRegisters, ...head];
      const bytes = new Uint8Array(signed.flatMap((value) => [value >> 8, value & 0xff]));
      const signature = sign(bytes);
      const words = Array.from(
        { length: signatureRegisters },
        (_, index) => ((signature[index * 2] ?? 0) << 8) | (signature[index * 2 + 1] ?? 0),
      );
      return [...head, ...words];
    },
  };
}
