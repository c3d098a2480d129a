/**
 * What every meter must keep, whatever it speaks (ports/meter.ts): run on each adapter against the
 * simulator of its device.
 */

import { expect, it } from "vitest";

import { Fault } from "../../../src-main/contract/outcome.ts";
import type { Meter, MeterReading } from "../../../src-main/ports/meter.ts";

/** A meter on its simulator, and the handles that the contract needs. */
export interface MeterWorld {
  readonly meter: Meter;
  /** Lets the simulated time pass. */
  pass(ms: number): void;
  nowMs(): number;
  /** Millijoules that truly flowed so far; null for a meter without a register. */
  trueMillijoules(): number | null;
  /** Coarsest step of the register, in millijoules. */
  readonly stepMillijoules: number;
  /** Makes the next readings fail; null where nothing outside can fail. */
  readonly breakIt: (() => void) | null;
  mend(): void;
  /** Words that must never be told. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const TIERS = ["A", "B", "C", "D", "E"];
const ROLES = ["load", "generation", "storage", "grid"];
const BOUNDARIES = ["accelerators", "host-dc", "wall", "site-meter"];

/** What a meter must keep, by name. */
export const METER_CONTRACT: readonly {
  readonly fact: string;
  readonly holds: (world: MeterWorld) => Promise<void>;
}[] = [
  { fact: "says who it is, within the port's bounds", holds: expectIdentity },
  { fact: "reads whole millijoules, or watts, at a moment of our clock", holds: expectMoment },
  { fact: "counts what flowed between two readings, to its step", holds: expectCount },
  { fact: "faults with a code while its device fails, and reads again", holds: expectRecovery },
  { fact: "tells no password, and answers two who ask at once", holds: expectDiscretion },
];

/** States the contract for one adapter. */
export function meterContract(open: () => Promise<MeterWorld>): void {
  for (const { fact, holds } of METER_CONTRACT) {
    it(fact, async () => {
      const world = await open();
      try {
        await holds(world);
      } finally {
        await world.close();
      }
    });
  }
}

async function expectIdentity({ meter }: MeterWorld): Promise<void> {
  const before = meter.identity;
  await meter.read();
  const { identity } = meter;
  expect(identity.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
  expect(TIERS).toContain(identity.tier);
  expect(ROLES).toContain(identity.role);
  expect(BOUNDARIES).toContain(identity.boundary);
  expect(identity.uncertaintyPercent).toBeGreaterThan(0);
  expect(identity.uncertaintyPercent).toBeLessThanOrEqual(100);
  const known = { makeModel: null, serial: null, capacityWattHours: undefined };
  expect({ ...identity, ...known }).toEqual({ ...before, ...known });
  expect(meter.readEveryMs).toBeGreaterThan(0);
}

async function expectMoment({ meter, nowMs }: MeterWorld): Promise<void> {
  const beforeMs = nowMs();
  const reading = await meter.read();
  expectReading(reading);
  expect(reading.atMs).toBeGreaterThanOrEqual(beforeMs);
  expect(reading.atMs).toBeLessThanOrEqual(nowMs());
}

async function expectCount(world: MeterWorld): Promise<void> {
  const { meter, pass, trueMillijoules, stepMillijoules } = world;
  const first = await meter.read();
  const trueFirst = trueMillijoules();
  pass(600_000);
  const second = await meter.read();
  expect(second.atMs - first.atMs).toBe(600_000);
  const trueSecond = trueMillijoules();
  if (trueFirst === null || trueSecond === null) {
    expect(second.register).toBeNull();
    return;
  }
  const counted = second.register!.millijoules - first.register!.millijoules;
  expect(Math.abs(counted - (trueSecond - trueFirst))).toBeLessThanOrEqual(stepMillijoules);
  expect(counted).toBeGreaterThan(0);
}

async function expectRecovery(world: MeterWorld): Promise<void> {
  const { meter, pass, breakIt, mend, secrets } = world;
  await meter.read();
  if (breakIt === null) return;
  breakIt();
  const fault = await meter.read().then(
    () => null,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(Fault);
  const { code, message, facts } = fault as Fault;
  expect(code).toMatch(/^METERS_/);
  for (const secret of secrets) expect(JSON.stringify({ message, facts })).not.toContain(secret);
  mend();
  pass(120_000);
  expectReading(await meter.read());
}

async function expectDiscretion({ meter, secrets }: MeterWorld): Promise<void> {
  const [left, right] = await Promise.all([meter.read(), meter.read()]);
  expect(left).toEqual(right);
  const told = JSON.stringify([meter.identity, left.atMs, left.watts, left.register]);
  for (const secret of secrets) expect(told).not.toContain(secret);
}

function expectReading({ register, watts, atMs }: MeterReading): void {
  expect(Number.isSafeInteger(atMs)).toBe(true);
  expect(register !== null || watts !== null).toBe(true);
  if (watts !== null) expect(Number.isFinite(watts)).toBe(true);
  if (register === null) return;
  expect(Number.isSafeInteger(register.millijoules)).toBe(true);
  expect(register.millijoules).toBeGreaterThanOrEqual(0);
  const { wrapsAtMillijoules } = register;
  if (wrapsAtMillijoules === null) return;
  expect(Number.isSafeInteger(wrapsAtMillijoules)).toBe(true);
  expect(register.millijoules).toBeLessThan(wrapsAtMillijoules);
}
