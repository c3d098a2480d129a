/**
 * Decides what `[[meters]]` may hold: meters by their kind, each with an id of its own. The kind
 * knows its keys; one that it does not know is refused with its name.
 */

import { checkMeterDescription } from "../../adapters/meters/index.ts";
import type { MeterDescription } from "../../adapters/meters/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";

/** Meters of one machine: a rack's plugs and its site. */
export const METERS_MAX = 32;

/** What the generated file says of them. */
export const METERS_ABOUT: readonly string[] = [
  "# Meters that are not found by themselves, one [[meters]] table each. kind: shelly, tasmota,",
  "# home-assistant, sunspec, declared or tdp-model; id: a name of your own that stays. role: load",
  '# (the standard), generation, storage or grid; the last two take direction = "from" or "to".',
  "# boundary: accelerators, host-dc, wall or site-meter. nameplate_watts: the most that it can",
  "# draw or give (1 to 1e9); a reading far beyond it is not believed. technology, for generation:",
  "# solar, wind, hydro or other; a report is held against the sun where it says solar.",
  "# capacity_wh, for storage: what it holds when full, where the store does not say it itself.",
  "# positive, for a sunspec battery: discharging or charging, what its positive power means.",
  "#",
  "# [[meters]]",
  '# id = "plug-desk"',
  '# kind = "shelly"',
  '# url = "http://192.168.1.20"',
  "# nameplate_watts = 3680",
];

/**
 * The meters of a document.
 * @rejects METERS_DESCRIPTION (meter, field, why)
 */
export function meterTables(given: unknown): Outcome<readonly MeterDescription[]> {
  if (given === undefined) return accept([]);
  if (!Array.isArray(given) || given.length > METERS_MAX) {
    const why = `it must be at most ${METERS_MAX} tables [[meters]]`;
    return reject("METERS_DESCRIPTION", { meter: "", field: "meters", why });
  }
  const meters: MeterDescription[] = [];
  for (const table of given as readonly unknown[]) {
    const checked = checkMeterDescription(table);
    if (!checked.ok) return checked;
    const { id } = checked.value;
    if (meters.some((one) => one.id === id)) {
      return reject("METERS_DESCRIPTION", { meter: id, field: "id", why: "it stands there twice" });
    }
    const twin = meters.find((one) => isSamePart(one, checked.value));
    if (twin !== undefined) {
      const why = `it is the same part of the same device as ${twin.id}, which would count twice`;
      return reject("METERS_DESCRIPTION", { meter: id, field: "kind", why });
    }
    meters.push(checked.value);
  }
  return accept(meters);
}

/** What says which register of which device a meter is; the rest says what it is for. */
const PART_OF: Partial<Readonly<Record<MeterDescription["kind"], readonly string[]>>> = {
  shelly: ["url", "component", "channel", "returned"],
  tasmota: ["url", "channel", "returned"],
  "home-assistant": ["url", "entity"],
  sunspec: ["host", "port", "unit", "register"],
};

/**
 * Whether two tables count one register in one role: what is generated would be there twice. Of two
 * readings of one load the better is taken (energy/account/choose-load.ts).
 */
function isSamePart(one: MeterDescription, other: MeterDescription): boolean {
  if (one.role !== other.role || one.role === "load") return false;
  const keys = one.kind === other.kind ? PART_OF[one.kind] : undefined;
  const valueOf = (meter: MeterDescription, key: string): unknown =>
    (meter as unknown as Readonly<Record<string, unknown>>)[key];
  return keys?.every((key) => valueOf(one, key) === valueOf(other, key)) ?? false;
}
