/**
 * Decides how the energy of the processor is read on Linux: the package domains of powercap (RAPL).
 * Domains nest, so only packages are added up, and each once: some machines offer a package through
 * two drivers. What else runs on the machine is counted with it.
 */

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "../../contract/outcome.ts";
import type { EnergyCounter } from "../../ports/energy-counter.ts";

/** Where Linux shows the domains. */
const POWERCAP = "/sys/class/powercap";

/** A package is a domain of the first level; "intel-rapl:0:0" is a part of one. */
const FIRST_LEVEL = /^intel-rapl:\d+$/;

const MICROJOULES = 1e6;

/** Why there is no counter here. */
export interface NoCounter {
  readonly why: string;
}

/** A package's count, in microjoules. */
interface Domain {
  readonly path: string;
  readonly range: number;
  last: number;
}

const numberIn = (path: string): number => {
  const value = Number(readFileSync(path, "utf8").trim());
  if (!Number.isFinite(value)) throw new Error(`${path} holds no number`);
  return value;
};

function openDomain(folder: string): Domain {
  const path = join(folder, "energy_uj");
  return { path, range: numberIn(join(folder, "max_energy_range_uj")), last: numberIn(path) };
}

/** Domains by name, so that a package that two drivers show counts once. */
function packages(folder: string): readonly string[] {
  const byName = new Map<string, string>();
  const domains = readdirSync(folder).filter((name) => FIRST_LEVEL.test(name));
  domains.sort((left, right) => (left < right ? -1 : 1));
  for (const domain of domains) {
    const path = join(folder, domain);
    const name = readFileSync(join(path, "name"), "utf8").trim();
    if (name.startsWith("package") && !byName.has(name)) byName.set(name, path);
  }
  return [...byName.values()];
}

/**
 * Opens the counter of the processor's packages.
 * @param folder  of powercap; another one in tests
 */
export function openPackageCounter(folder: string = POWERCAP): EnergyCounter | NoCounter {
  let domains: readonly Domain[];
  try {
    domains = packages(folder).map(openDomain);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES") return { why: "the processor's energy counter is open to root only" };
    return { why: "the processor's energy counter cannot be read here" };
  }
  if (domains.length === 0) return { why: "this processor shows no energy counter here" };
  let total = 0;
  return {
    name: "processor package",
    tier: "C",
    joules: () => {
      for (const domain of domains) total += advance(domain);
      return total / MICROJOULES;
    },
  };
}

/** Whether a counter was opened. */
export function isCounter(opened: EnergyCounter | NoCounter): opened is EnergyCounter {
  return "joules" in opened;
}

/** What a domain has used since it was last read. */
function advance(domain: Domain): number {
  let now: number;
  try {
    now = numberIn(domain.path);
  } catch (error) {
    const facts = { path: domain.path };
    throw new Fault("METERS_COUNTER", "an energy counter is gone", facts, error);
  }
  const used = now >= domain.last ? now - domain.last : domain.range - domain.last + now;
  domain.last = now;
  return used;
}
