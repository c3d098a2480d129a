/**
 * Decides what a sensor chip of Linux says of its device: temperatures in thousandths of °C, fans
 * as pulse width or turns, power in microwatts, energy in microjoules.
 * @source kernel documentation, hwmon/sysfs-interface
 */

import { join } from "node:path";

import { EnergyDifference } from "./counter-power.ts";
import { firstNumber, KeptFile, namesIn, numberOf, textOf } from "./kept-file.ts";

/** Colder and hotter than any working sensor: what stands outside is a sensor that is not wired. */
const CELSIUS_MIN = -55;
const CELSIUS_MAX = 150;

/** One chip: its folder and the name of its driver. */
export interface HwmonFolder {
  readonly path: string;
  readonly driver: string;
}

/** Power of a chip at a moment, and its count where it has one. */
export interface ChipPower {
  readonly watts: number | null;
  readonly millijoules: number | null;
}

/** The chips in a folder of the system, in the order of their names. */
export function hwmonChips(folder: string): HwmonFolder[] {
  return namesIn(folder)
    .filter((name) => /^hwmon\d+$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      return { path, driver: textOf(join(path, "name")) ?? name };
    });
}

/** A temperature of a chip. */
interface Temperature {
  readonly label: string;
  readonly file: KeptFile;
  /** Where the chip stops; null where it names none. */
  readonly limitCelsius: number | null;
}

/** A chip that is read each second. */
export class HwmonChip {
  readonly #path: string;
  readonly #power: KeptFile | null;
  readonly #energy: KeptFile | null;
  readonly #counted = new EnergyDifference(null);
  readonly #limit: KeptFile | null;
  readonly #temperatures: readonly Temperature[];
  readonly #fan: () => number | null;
  readonly #files: KeptFile[] = [];

  constructor(path: string) {
    this.#path = path;
    // Newer amdgpu drivers have power1_input where older ones have power1_average.
    this.#power = this.#first("power1_average", "power1_input");
    this.#energy = this.#first("energy1_input");
    this.#limit = this.#first("power1_cap", "power1_max");
    this.#temperatures = this.#findTemperatures();
    this.#fan = this.#findFan();
  }

  /** Whether it tells power or energy. */
  get measuresPower(): boolean {
    return this.#power !== null || this.#energy !== null;
  }

  /**
   * The temperature of the first of these labels that is there; the hottest of all where no label
   * is asked for.
   */
  celsius(...labels: readonly string[]): number | null {
    for (const label of labels) {
      const found = this.#temperatures.find((one) => one.label === label);
      const value = found === undefined ? null : celsiusOf(found.file.number());
      if (value !== null) return value;
    }
    if (labels.length > 0) return null;
    const all = this.#temperatures.map(({ file }) => celsiusOf(file.number()));
    const known = all.filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  }

  /** The temperature of a label with the limit that its maker set; null where it is not told. */
  heat(label: string): { readonly celsius: number; readonly limitCelsius: number | null } | null {
    const found = this.#temperatures.find((one) => one.label === label);
    const celsius = found === undefined ? null : celsiusOf(found.file.number());
    if (found === undefined || celsius === null) return null;
    return { celsius, limitCelsius: found.limitCelsius };
  }

  /** Share of the fan's full speed; null where its full speed is not told. */
  fan(): number | null {
    return this.#fan();
  }

  power(atMs: number): ChipPower {
    const microwatts = this.#power?.number() ?? null;
    const microjoules = this.#energy?.number() ?? null;
    const counted = microjoules === null ? null : this.#counted.take(microjoules, atMs);
    const watts = microwatts === null ? (counted?.watts ?? null) : microwatts / 1e6;
    return { watts, millijoules: counted?.millijoules ?? null };
  }

  limitWatts(): number | null {
    const microwatts = this.#limit?.number() ?? null;
    // Zero stands for "no limit".
    return microwatts === null || microwatts <= 0 ? null : microwatts / 1e6;
  }

  /** A file of the chip that holds hertz, as MHz. */
  megahertz(file: string): () => number | null {
    const kept = this.#first(file);
    return () => {
      const hertz = kept?.number() ?? null;
      return hertz === null ? null : hertz / 1e6;
    };
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  #first(...names: readonly string[]): KeptFile | null {
    const file = firstNumber(names.map((name) => join(this.#path, name)));
    if (file !== null) this.#files.push(file);
    return file;
  }

  #findTemperatures(): Temperature[] {
    return namesIn(this.#path).flatMap((name) => {
      const number = /^temp(\d+)_input$/.exec(name)?.[1];
      if (number === undefined) return [];
      const label = textOf(join(this.#path, `temp${number}_label`)) ?? `temp${number}`;
      const file = new KeptFile(join(this.#path, name));
      this.#files.push(file);
      // It does not change, so it is read once.
      const limit = numberOf(textOf(join(this.#path, `temp${number}_crit`)));
      const limitCelsius = celsiusOf(limit);
      return [{ label, file, limitCelsius: limitCelsius === 0 ? null : limitCelsius }];
    });
  }

  #findFan(): () => number | null {
    const most = numberOf(textOf(join(this.#path, "fan1_max")));
    const turns = this.#first("fan1_input");
    if (turns !== null && most !== null && most > 0) {
      return () => shareOf(turns.number(), most);
    }
    const pulse = this.#first("pwm1");
    const full = numberOf(textOf(join(this.#path, "pwm1_max"))) ?? 255;
    return () => (pulse === null ? null : shareOf(pulse.number(), full));
  }
}

function celsiusOf(thousandths: number | null): number | null {
  if (thousandths === null) return null;
  const celsius = thousandths / 1_000;
  return celsius < CELSIUS_MIN || celsius > CELSIUS_MAX ? null : celsius;
}

function shareOf(value: number | null, full: number): number | null {
  return value === null || value < 0 ? null : value / full;
}
