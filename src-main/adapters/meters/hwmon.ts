/**
 * Decides how the sensors of Linux' hwmon are read as meters. Energy in microjoules: i915 and xe
 * (energy1_input, the whole card), amd_energy (its sockets, never the cores within them); the
 * kernel widens their 32-bit registers as long as somebody reads them. Power in microwatts is
 * sampled where there is no energy: amdgpu (power1_average, on some chips power1_input), nouveau.
 * A card that sleeps has no value: reading most of its sensors would wake it, and a laptop's would
 * never sleep again. Files are read beside the daemon's thread, since a driver may hang.
 */

import { readFileSync, readdirSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { Fault } from "../../contract/outcome.ts";
import type { Meter, MeterReading } from "../../ports/meter.ts";
import type { DescribedSource, DescriptionFields } from "./description-fields.ts";
import type { MeterNeeds } from "./meter-needs.ts";
import { registerMillijoules } from "./millijoules.ts";
import { numberIn } from "./powercap.ts";
import { sourceIdentity } from "./source-identity.ts";

/** Chips whose sensors are known to be those of the whole card or socket. */
const CHIPS = ["i915", "xe", "amd_energy", "amdgpu", "nouveau"] as const;

/** A driver that measures. */
export type HwmonName = (typeof CHIPS)[number];

/** A chip of this machine. */
export interface HwmonDescription extends DescribedSource {
  readonly kind: "hwmon";
  readonly chip: HwmonName;
  /** PCI address of the card ("0000:03:00.0"); null: the only one of that name. */
  readonly pci: string | null;
}

/** A chip that was found. */
export interface HwmonChip {
  readonly chip: HwmonName;
  readonly folder: string;
  readonly pci: string | null;
  /** Files to add up, in microjoules; or one in microwatts. */
  readonly energy: readonly string[];
  readonly power: string | null;
}

/** Where Linux shows them, below the root of files. */
export const HWMON = "sys/class/hwmon";

const PCI = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/** Drivers state no class; a card's own sensor is within some 5 %, sampling adds to that. */
const UNCERTAINTY_PERCENT = 5;

/** Often enough for a 32-bit register of microjoules' 2^-14 parts, which lasts some 4 minutes. */
const ENERGY_EVERY_MS = 5_000;
const POWER_EVERY_MS = 1_000;

/** Chips of one machine that are looked at; the biggest boards show some 40. */
const CHIPS_MAX = 256;

/** Reads the keys: chip, pci. */
export function checkHwmon(fields: DescriptionFields): HwmonDescription {
  const chip = fields.choice("chip", CHIPS);
  const uncertaintyPercent = UNCERTAINTY_PERCENT;
  return {
    kind: "hwmon",
    ...fields.source({ role: "load", boundary: "accelerators", uncertaintyPercent }),
    chip,
    pci: fields.optionalText("pci"),
  };
}

/** The known chips that measure here, in the kernel's order; none where there is no hwmon. */
export function hwmonChips(root: string): readonly HwmonChip[] {
  let folders: string[];
  try {
    folders = readdirSync(join(root, HWMON)).slice(0, CHIPS_MAX);
  } catch {
    return [];
  }
  const order = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
  folders.sort((left, right) => order(left) - order(right));
  return folders.flatMap((name) => chipIn(join(root, HWMON, name)) ?? []);
}

function chipIn(folder: string): HwmonChip | null {
  const said = textIn(join(folder, "name"));
  const chip = CHIPS.find((one) => one === said);
  if (chip === undefined) return null;
  const files = filesIn(folder);
  const energy = files
    .filter((file) => /^energy\d+_input$/.test(file))
    .filter((file) => isWhole(chip, file, textIn(join(folder, file.replace("_input", "_label")))))
    .map((file) => join(folder, file));
  const power = ["power1_average", "power1_input"].find((file) => files.includes(file));
  if (energy.length === 0 && power === undefined) return null;
  const powerPath = power === undefined ? null : join(folder, power);
  return { chip, folder, pci: pciOf(folder), energy, power: powerPath };
}

/** A card's first register holds all of it; of a processor the sockets do. */
function isWhole(chip: HwmonName, file: string, label: string | null): boolean {
  if (chip === "amd_energy") return label !== null && /^Esocket\d+$/.test(label);
  return file === "energy1_input";
}

function textIn(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function pciOf(folder: string): string | null {
  try {
    const address = basename(realpathSync(join(folder, "device")));
    return PCI.test(address) ? address : null;
  } catch {
    return null;
  }
}

/**
 * Opens it.
 * Throws Fault METERS_ABSENT where no such chip is here, or several are and none was chosen;
 * METERS_PERMISSION where its files are root's. A reading faults with METERS_NO_VALUE while the
 * card sleeps.
 */
export async function openHwmon(description: HwmonDescription, needs: MeterNeeds): Promise<Meter> {
  const { chip, pci } = description;
  const found = hwmonChips(needs.root ?? "/").filter(
    (one) => one.chip === chip && (pci === null || one.pci === pci),
  );
  const facts = { chip, pci: pci ?? "any", found: found.length };
  if (found.length !== 1) {
    throw new Fault("METERS_ABSENT", "not exactly one such chip measures here", facts);
  }
  const [{ energy, power, pci: address, folder }] = found;
  const isEnergy = energy.length > 0;
  const values = (paths: readonly string[]) =>
    Promise.all(paths.map((path) => valueIn(path, needs.numberInFile)));
  const readOnce = async (): Promise<MeterReading> => {
    const atMs = needs.clock.nowMs();
    if (await sleeps(folder)) throw new Fault("METERS_NO_VALUE", "the card sleeps", { chip });
    if (isEnergy) return energyReading(atMs, await values(energy));
    return powerReading(atMs, await valueIn(power ?? "", needs.numberInFile));
  };
  let inHand: Promise<MeterReading> | null = null;
  // A driver that hangs holds one of the process's few threads for files, not one a second.
  const read = (): Promise<MeterReading> => {
    inHand ??= readOnce().finally(() => (inHand = null));
    return inHand;
  };
  await read().catch((error: unknown) => {
    if (!(error instanceof Fault && error.code === "METERS_NO_VALUE")) throw error;
  });
  return {
    identity: sourceIdentity(description, {
      kind: isEnergy ? "hwmon-energy" : "power-sampled",
      tier: "C",
      makeModel: address === null ? chip : `${chip} ${address}`,
    }),
    readEveryMs: isEnergy ? ENERGY_EVERY_MS : POWER_EVERY_MS,
    read,
    close: () => Promise.resolve(),
  };
}

/** @source kernel documentation, ABI/testing/sysfs-devices-power */
async function sleeps(folder: string): Promise<boolean> {
  const status = await readFile(join(folder, "device/power/runtime_status"), "utf8").catch(
    () => "",
  );
  return status.trim() === "suspended";
}

function energyReading(atMs: number, parts: readonly number[]): MeterReading {
  const microjoules = parts.reduce((sum, one) => sum + one, 0);
  const millijoules = registerMillijoules(microjoules / 1e3);
  const register = { millijoules, wrapsAtMillijoules: null, epoch: null };
  return { atMs, register, watts: null, signature: null };
}

function powerReading(atMs: number, microwatts: number): MeterReading {
  return { atMs, register: null, watts: microwatts / 1e6, signature: null };
}

async function valueIn(
  path: string,
  read: ((path: string) => number) | undefined,
): Promise<number> {
  try {
    return read === undefined ? numberIn(path, await readFile(path, "utf8")) : read(path);
  } catch (error) {
    const isClosed = (error as NodeJS.ErrnoException).code === "EACCES";
    if (isClosed) throw new Fault("METERS_PERMISSION", "a sensor is root's", { path }, error);
    throw new Fault("METERS_COUNTER", "a sensor is gone", { path }, error);
  }
}
