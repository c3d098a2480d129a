/**
 * Decides how a meter's description is read: the keys of a `[[meters]]` table of the settings, each
 * checked, none left over. A key that nobody reads would be a wish that nobody fulfils.
 */

import type {
  EnergyBoundary,
  GenerationTechnology,
  SourceDirection,
  SourceRole,
} from "../../ports/meter.ts";
import type { Secret } from "./secret.ts";

/** What every description says of the source itself. */
export interface DescribedSource {
  readonly id: string;
  readonly role: SourceRole;
  readonly direction?: SourceDirection;
  readonly boundary: EnergyBoundary;
  readonly device: string | null;
  readonly uncertaintyPercent: number;
  readonly calibration: string | null;
  readonly nameplateWatts?: number;
  readonly technology?: GenerationTechnology;
  readonly capacityWattHours?: number;
}

/** What a kind assumes where the description is silent. */
export interface SourceDefaults {
  readonly role: SourceRole;
  readonly boundary: EnergyBoundary;
  readonly uncertaintyPercent: number;
}

/** Thrown while a description is read and caught where it is checked: which key, and why. */
export class FieldProblem extends Error {
  readonly field: string;

  constructor(field: string, why: string) {
    super(why);
    this.name = "FieldProblem";
    this.field = field;
  }
}

const ROLES: readonly SourceRole[] = ["load", "generation", "storage", "grid"];
const DIRECTIONS: readonly SourceDirection[] = ["from", "to"];
const BOUNDARIES: readonly EnergyBoundary[] = ["accelerators", "host-dc", "wall", "site-meter"];

const TECHNOLOGIES: readonly GenerationTechnology[] = ["solar", "wind", "hydro", "other"];

/** What a report's nameplate may be (contract/energy-report.ts). */
const NAMEPLATE_WATTS_MAX = 1_000_000_000;

/** A gigawatt-hour; its millijoules are still a safe integer. */
const CAPACITY_WATT_HOURS_MAX = 1_000_000_000;

/** Names files and labels, so letters, digits, dot, dash; ports/meter.ts allows 64. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

const TEXT_CHARACTERS_MAX = 512;

/** The table of a meter, read key by key. */
export class DescriptionFields {
  readonly #table: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(table: Readonly<Record<string, unknown>>) {
    this.#table = table;
  }

  #take(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#table, name) ? this.#table[name] : undefined;
  }

  /** A text that must be there. */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === null) throw new FieldProblem(name, "it is missing");
    return value;
  }

  /** A text or null. */
  optionalText(name: string): string | null {
    const value = this.#take(name);
    if (value === undefined) return null;
    const fits = typeof value === "string" && value !== "" && value.length <= TEXT_CHARACTERS_MAX;
    if (fits) return value;
    throw new FieldProblem(name, `it must be a text of 1 to ${TEXT_CHARACTERS_MAX} characters`);
  }

  /** A number within bounds, or what it is where absent. */
  number(name: string, least: number, most: number, absent?: number): number {
    const value = this.#take(name) ?? absent;
    if (value === undefined) throw new FieldProblem(name, "it is missing");
    if (typeof value === "number" && value >= least && value <= most) return value;
    throw new FieldProblem(name, `it must be a number from ${least} to ${most}`);
  }

  /** A whole number within bounds, or what it is where absent. */
  whole(name: string, least: number, most: number, absent?: number): number {
    const value = this.number(name, least, most, absent);
    if (Number.isSafeInteger(value)) return value;
    throw new FieldProblem(name, "it must be a whole number");
  }

  /** One of some words, or what it is where absent. */
  choice<T extends string>(name: string, words: readonly T[], absent?: T): T {
    const value = this.#take(name) ?? absent;
    const word = words.find((one) => one === value);
    if (word !== undefined) return word;
    throw new FieldProblem(name, `it must be one of ${words.join(", ")}`);
  }

  /** True or false; false where absent. */
  flag(name: string): boolean {
    const value = this.#take(name) ?? false;
    if (typeof value === "boolean") return value;
    throw new FieldProblem(name, "it must be true or false");
  }

  /** Numbers within bounds, exactly so many; null where absent. */
  optionalNumbers(
    name: string,
    count: number,
    least: number,
    most: number,
  ): readonly number[] | null {
    const value = this.#take(name);
    if (value === undefined) return null;
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const numbers = list.filter(
      (one): one is number => typeof one === "number" && one >= least && one <= most,
    );
    if (list.length === count && numbers.length === count) return numbers;
    throw new FieldProblem(name, `it must be ${count} numbers from ${least} to ${most}`);
  }

  /** `<name>` or `<name>_file`; null where neither is there. */
  secret(name: string): Secret | null {
    const text = this.optionalText(name);
    const file = this.optionalText(`${name}_file`);
    if (text !== null && file !== null) {
      throw new FieldProblem(name, `give it or ${name}_file, not both`);
    }
    if (file !== null) return { file };
    return text === null ? null : { text };
  }

  /** The address of a device over HTTP, without a path; a login in it would reach logs. */
  url(name: string): string {
    const given = this.text(name);
    let url: URL;
    try {
      url = new URL(given);
    } catch {
      throw new FieldProblem(name, "it must be an address such as http://192.168.1.20");
    }
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw new FieldProblem(name, "it must begin with http:// or https://");
    }
    if (url.username !== "" || url.password !== "") {
      throw new FieldProblem(name, "put the login into user and password_file");
    }
    if (url.search !== "" || url.hash !== "") {
      throw new FieldProblem(name, "it must be the address of the device alone");
    }
    return url.href.replace(/\/+$/, "");
  }

  /** What the table says of the source itself. */
  source(defaults: SourceDefaults): DescribedSource {
    const id = this.text("id");
    if (!ID.test(id)) throw new FieldProblem("id", "letters, digits, . _ : - alone, at most 64");
    const role = this.choice("role", ROLES, defaults.role);
    const isTwoWay = role === "grid" || role === "storage";
    const direction = this.#take("direction") === undefined ? null : this.#direction(isTwoWay);
    const { boundary, uncertaintyPercent } = defaults;
    return {
      id,
      role,
      ...(direction === null ? (isTwoWay ? { direction: "from" } : {}) : { direction }),
      boundary: this.choice("boundary", BOUNDARIES, role === "load" ? boundary : "site-meter"),
      device: this.optionalText("device"),
      uncertaintyPercent: this.number("uncertainty_percent", 0.01, 100, uncertaintyPercent),
      calibration: this.optionalText("calibration"),
      ...this.#plate(role),
    };
  }

  /** What bounds the source: a reading beyond it is not believed, nor is the sun at night. */
  #plate(
    role: SourceRole,
  ): Pick<DescribedSource, "nameplateWatts" | "technology" | "capacityWattHours"> {
    const hasWatts = this.#take("nameplate_watts") !== undefined;
    const hasTechnology = this.#take("technology") !== undefined;
    if (hasTechnology && role !== "generation") {
      throw new FieldProblem("technology", "only generation has one");
    }
    const hasCapacity = this.#take("capacity_wh") !== undefined;
    if (hasCapacity && role !== "storage") {
      throw new FieldProblem("capacity_wh", "only storage has one");
    }
    return {
      ...(hasWatts
        ? { nameplateWatts: this.number("nameplate_watts", 1, NAMEPLATE_WATTS_MAX) }
        : {}),
      ...(hasTechnology ? { technology: this.choice("technology", TECHNOLOGIES) } : {}),
      ...(hasCapacity
        ? { capacityWattHours: this.whole("capacity_wh", 1, CAPACITY_WATT_HOURS_MAX) }
        : {}),
    };
  }

  #direction(isTwoWay: boolean): SourceDirection {
    if (!isTwoWay) throw new FieldProblem("direction", "only grid and storage have one");
    return this.choice("direction", DIRECTIONS);
  }

  /** Nothing else may stand in the table. */
  end(): void {
    const extra = Object.keys(this.#table).find((name) => !this.#read.has(name));
    if (extra !== undefined) throw new FieldProblem(extra, "this kind of meter knows no such key");
  }
}
