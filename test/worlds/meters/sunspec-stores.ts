/**
 * Register blocks of SunSpec's storage models, written from the public model definitions (not
 * recorded from a device): 124, 160, 713, 714 and 802.
 */

import type { PowerProfile } from "./power-profile.ts";
import { block, counted, text, u16, u32, u64 } from "./sunspec-models.ts";
import type { SunspecModel } from "./sunspec-models.ts";

const ABSENT_U16 = 0xffff;
const ABSENT_U64 = 2n ** 64n - 1n;

/** Status of charge as 124 and 802 number it. */
export const STATUS = {
  off: 1,
  empty: 2,
  discharging: 3,
  charging: 4,
  full: 5,
  holding: 6,
  testing: 7,
} as const;

/** What a store shows of itself. */
export interface ShownCharge {
  /** Percent; null: the point is not implemented. */
  readonly percent: number | null;
  readonly status?: number;
}

const percentAt = (percent: number | null, scale: number): number[] => [
  percent === null ? ABSENT_U16 : Math.round(percent / 10 ** scale),
];

/** Model 124: basic storage controls. */
export function basicStoreModel({ percent, status = ABSENT_U16 }: ShownCharge): SunspecModel {
  const points = { 8: percentAt(percent, -2), 11: [status], 22: [u16(-2)] };
  return { id: 124, registers: () => block(24, points) };
}

/** Model 713: capacity; drafts of it have no scale of the percentage and one register less. */
export function capacityModel(
  percent: number | null,
  wattHours: number,
  isDraft = false,
): SunspecModel {
  const share = percentAt(percent, isDraft ? 0 : -1);
  const points = { 2: [wattHours / 10], 4: share, 7: [1], ...(isDraft ? {} : { 8: [u16(-1)] }) };
  return { id: 713, registers: () => block(isDraft ? 6 : 7, points) };
}

/** A DC port of model 714; 0 is photovoltaic, 1 an energy store. */
export interface ShownPort {
  readonly type: 0 | 1;
  readonly injected: PowerProfile;
  /** Null: the register is not implemented. */
  readonly absorbed: PowerProfile | null;
}

/** Model 714: DC ports, each with its power and both registers. */
export function portsModel(ports: readonly ShownPort[]): SunspecModel {
  return {
    id: 714,
    registers() {
      const points: Record<number, readonly number[]> = {
        4: [ports.length],
        15: [0],
        16: [0],
        17: [u16(-1)],
        18: [u16(-1)],
        19: [0],
      };
      for (const [index, { type, injected, absorbed }] of ports.entries()) {
        const start = 20 + index * 25;
        const watts = injected.watts() - (absorbed?.watts() ?? 0);
        const register = (profile: PowerProfile | null) =>
          u64(profile === null ? ABSENT_U64 : BigInt(counted({ profile, energyScale: -1 })));
        points[start] = [type];
        points[start + 12] = [u16(watts * 10)];
        points[start + 13] = register(injected);
        points[start + 17] = register(absorbed);
      }
      return block(18 + 25 * ports.length, points);
    },
  };
}

/** A DC input of model 160, by its name. */
export interface ShownInput {
  readonly name: string;
  readonly profile: PowerProfile;
}

/** Model 160: DC inputs, each with its power and a register; watts and Wh in tenths. */
export function inputsModel(inputs: readonly ShownInput[]): SunspecModel {
  return {
    id: 160,
    registers() {
      const points: Record<number, readonly number[]> = {
        2: [u16(-2)],
        3: [u16(-1)],
        4: [u16(-1)],
        5: [u16(-1)],
        6: u32(0),
        8: [inputs.length],
        9: [0],
      };
      for (const [index, { name, profile }] of inputs.entries()) {
        const start = 10 + index * 20;
        points[start] = [index + 1];
        points[start + 1] = text(name, 8);
        points[start + 11] = [u16(profile.watts() * 10)];
        points[start + 12] = u32(counted({ profile, energyScale: -1 }));
      }
      return block(8 + 20 * inputs.length, points);
    },
  };
}

/** What model 802 shows; its power as it stands in the register. */
export interface ShownBattery extends ShownCharge {
  readonly watts: () => number;
  readonly wattHours?: number;
}

/** Model 802: battery base. */
export function batteryModel({
  percent,
  status = ABSENT_U16,
  watts,
  wattHours = 10_000,
}: ShownBattery): SunspecModel {
  return {
    id: 802,
    registers: () =>
      block(62, {
        3: [wattHours / 100],
        11: percentAt(percent, -1),
        15: [status],
        47: [u16(watts() / 10)],
        53: [2],
        56: [u16(-1)],
        63: [1],
      }),
  };
}
