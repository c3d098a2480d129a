/**
 * Decides which meters this machine has of itself, without asking anything on the network: the
 * processor's counters and the sensors of its cards. Each is tried, so that it is also said why one
 * that is there cannot be read. NVIDIA's cards are adapters/nvml's.
 */

import { Fault } from "../../contract/outcome.ts";
import type { MeterReading } from "../../ports/meter.ts";
import type { MeterDescription } from "./describe.ts";
import { checkMeterDescription, openMeter } from "./describe.ts";
import { hwmonChips } from "./hwmon.ts";
import type { MeterNeeds } from "./meter-needs.ts";

/** A meter of this machine. */
export interface DiscoveredMeter {
  readonly description: MeterDescription;
  /** PCI address of the card that it belongs to; null for the processor and the machine. */
  readonly pci: string | null;
  /** What it says now; null where it cannot be read. */
  readonly reading: MeterReading | null;
  readonly fault: Pick<Fault, "code" | "message" | "facts"> | null;
}

/** Id of the processor in the list of devices. */
const PROCESSOR = "cpu";

/** Tries all; never throws. What is not here at all is left out. */
export async function discoverMeters(needs: MeterNeeds): Promise<readonly DiscoveredMeter[]> {
  const found: DiscoveredMeter[] = [];
  for (const table of candidates(needs)) {
    const { pci = null, ...rest } = table;
    const checked = checkMeterDescription(rest.kind === "hwmon" ? table : rest);
    if (!checked.ok) continue;
    const tried = await tryMeter(checked.value, needs);
    if (tried.fault?.code === "METERS_ABSENT") continue;
    found.push({ description: checked.value, pci, ...tried });
  }
  return found;
}

/** Opens a meter, reads it once and closes it; says why not where that fails. */
export async function tryMeter(
  description: MeterDescription,
  needs: MeterNeeds,
): Promise<Pick<DiscoveredMeter, "reading" | "fault">> {
  try {
    const meter = await openMeter(description, needs);
    try {
      return { reading: await meter.read(), fault: null };
    } finally {
      await meter.close();
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, facts } = error;
    return { reading: null, fault: { code, message, facts } };
  }
}

interface Candidate {
  readonly kind: string;
  readonly id: string;
  readonly device?: string;
  readonly domain?: string;
  readonly chip?: string;
  readonly pci?: string;
  readonly part?: string;
}

function candidates(needs: MeterNeeds): readonly Candidate[] {
  switch (needs.platform ?? process.platform) {
    case "linux":
      return [
        { kind: "rapl", id: "rapl-packages", device: PROCESSOR },
        { kind: "rapl", id: "rapl-psys", domain: "psys" },
        ...hwmonChips(needs.root ?? "/").map(({ chip, pci }) => ({
          kind: "hwmon",
          id: pci === null ? `hwmon-${chip}` : `hwmon-${chip}-${pci}`,
          chip,
          ...(pci === null ? { device: PROCESSOR } : { pci }),
        })),
      ];
    case "win32":
      return [{ kind: "windows-emi", id: "windows-emi", device: PROCESSOR }];
    case "darwin":
      return ["cpu", "gpu", "ane"].map((part) => {
        const id = `apple-${part}`;
        return { kind: "ioreport", id, part, ...(part === "cpu" ? { device: PROCESSOR } : {}) };
      });
    default:
      return [];
  }
}
