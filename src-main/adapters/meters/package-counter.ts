/**
 * Decides how a measurement of this process counts the energy of the processor: its packages, from
 * the moment the counter was opened (meters/powercap.ts). What else runs on the machine is counted
 * with it.
 */

import { join } from "node:path";

import { Fault } from "../../contract/outcome.ts";
import type { EnergyCounter } from "../../ports/energy-counter.ts";
import { POWERCAP, microjoulesBetween, numberInFile, raplDomains } from "./powercap.ts";
import type { RaplDomain } from "./powercap.ts";

const MICROJOULES = 1e6;

/** Why there is no counter here. */
export interface NoCounter {
  readonly why: string;
}

/** A package's count, in microjoules. */
interface CountedDomain {
  readonly domain: RaplDomain;
  last: number;
}

/**
 * Opens the counter of the processor's packages.
 * @param folder  of powercap; another one in tests
 */
export function openPackageCounter(
  folder: string = join("/", POWERCAP),
): EnergyCounter | NoCounter {
  let counted: readonly CountedDomain[];
  try {
    counted = raplDomains(folder, "packages").map((domain) => {
      return { domain, last: numberInFile(domain.path) };
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES") return { why: "the processor's energy counter is open to root only" };
    return { why: "the processor's energy counter cannot be read here" };
  }
  if (counted.length === 0) return { why: "this processor shows no energy counter here" };
  let total = 0;
  return {
    name: "processor package",
    tier: "C",
    joules: () => {
      for (const one of counted) total += advance(one);
      return total / MICROJOULES;
    },
  };
}

/** Whether a counter was opened. */
export function isCounter(opened: EnergyCounter | NoCounter): opened is EnergyCounter {
  return "joules" in opened;
}

/** What a domain has used since it was last read. */
function advance(counted: CountedDomain): number {
  const { path, range } = counted.domain;
  let now: number;
  try {
    now = numberInFile(path);
  } catch (error) {
    throw new Fault("METERS_COUNTER", "an energy counter is gone", { path }, error);
  }
  const used = microjoulesBetween(counted.last, now, range);
  counted.last = now;
  return used;
}
