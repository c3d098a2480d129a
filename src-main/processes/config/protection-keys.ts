/**
 * Decides which settings protect devices (`[protection]`) and which clock rules go by (`[owner]`).
 * A protection can be made tighter than its standard and never looser.
 */

import { STANDARD_PROTECTIONS } from "../../energy/rules/index.ts";
import type { ProtectionLimits } from "../../energy/rules/index.ts";
import type { ConfigKey, ConfigValue } from "./config-key.ts";

const STANDARD = STANDARD_PROTECTIONS;
const HOLD_SECONDS = STANDARD.holdMs / 1_000;

/** Cooler than any working device: a limit below it would never let work run. */
const CELSIUS_MIN = 30;

/** An hour. */
const HOLD_SECONDS_MAX = 3_600;

/** More than any single machine takes. */
const WATTS_MAX = 100_000;

const integer = (table: string, name: string, standard: number, least: number, most: number) => ({
  table,
  name,
  standard,
  allowed: `a whole number from ${least} to ${most}`,
  allows: (value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most,
});

const PROTECTION = "protection";

/** Every key of both tables, in the order of the generated file. */
export const PROTECTION_KEYS: readonly ConfigKey[] = [
  {
    ...integer(
      PROTECTION,
      "pause_celsius",
      STANDARD.pauseCelsius,
      CELSIUS_MIN,
      STANDARD.pauseCelsius,
    ),
    about: [
      "Temperature in °C at which a device that works is left alone. These limits stand above all",
      "rules and above `vivian mine start`; they can be made tighter, not looser.",
    ],
  },
  {
    ...integer(
      PROTECTION,
      "resume_celsius",
      STANDARD.resumeCelsius,
      CELSIUS_MIN,
      STANDARD.resumeCelsius,
    ),
    about: ["Temperature at or below which it works again, below pause_celsius."],
  },
  {
    ...integer(PROTECTION, "stop_celsius", STANDARD.stopCelsius, CELSIUS_MIN, STANDARD.stopCelsius),
    about: ["Temperature at which work stops until you start it again."],
  },
  {
    ...integer(PROTECTION, "hold_s", HOLD_SECONDS, HOLD_SECONDS, HOLD_SECONDS_MAX),
    about: ["Seconds for which a device that was too hot is left alone at least."],
  },
  {
    ...integer(PROTECTION, "failures", STANDARD.failures, 1, STANDARD.failures),
    about: ["Units that fail one after the other until work waits for you."],
  },
  {
    ...integer(PROTECTION, "total_watts", 0, 0, WATTS_MAX),
    about: [
      "Watts that the machine may take, by its best meter, else by what its devices tell. 0: no",
      "limit. With a limit and no watts measured, work waits.",
    ],
  },
  {
    table: "owner",
    name: "time_zone",
    standard: "",
    allowed: 'a time zone such as "Europe/Berlin", or ""',
    allows: (value) => typeof value === "string" && (value === "" || isTimeZone(value)),
    about: ['Time zone of hours and weekdays in rules. "": the one of this system.'],
  },
];

/** The limits from checked values by path. */
export function protectionOf(value: (path: string) => ConfigValue): ProtectionLimits {
  const number = (name: string) => value(`${PROTECTION}.${name}`) as number;
  const stopCelsius = number("stop_celsius");
  // The tighter one holds where two limits contradict each other, and the resume lies below: else
  // work would come and go each second.
  const pauseCelsius = Math.min(number("pause_celsius"), stopCelsius);
  const totalWatts = number("total_watts");
  return {
    pauseCelsius,
    resumeCelsius: Math.min(number("resume_celsius"), pauseCelsius - 1),
    stopCelsius,
    holdMs: number("hold_s") * 1_000,
    failures: number("failures"),
    totalWatts: totalWatts === 0 ? null : totalWatts,
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
