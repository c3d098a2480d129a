/** Opens a meter from a table of the settings as the program does: checked first, then opened. */

import { checkMeterDescription, openMeter } from "../../../src-main/adapters/meters/index.ts";
import type { MeterDescription, MeterNeeds } from "../../../src-main/adapters/meters/index.ts";
import type { Meter } from "../../../src-main/ports/meter.ts";

/** The typed description of a table that is right. */
export function described(table: object): MeterDescription {
  const checked = checkMeterDescription(table);
  if (!checked.ok) throw new Error(JSON.stringify(checked.rejection));
  return checked.value;
}

/** Opens the meter of a table that is right. */
export function openDescribed(table: object, needs: MeterNeeds): Promise<Meter> {
  return openMeter(described(table), needs);
}

/** A clock that the test moves; requests wait 250 ms of real time at most. */
export function movedClock(startMs = Date.UTC(2026, 5, 1, 6)) {
  const clock = { ms: startMs };
  const nowMs = (): number => clock.ms;
  const needs: MeterNeeds = { clock: { nowMs }, requestMs: 250 };
  const pass = (ms: number): void => {
    clock.ms += ms;
  };
  return { nowMs, pass, needs, startMs };
}
