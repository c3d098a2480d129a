/** Decides how an object a person wrote is read: every key known, every value in its range. */
import type { Rejection } from "../../contract/outcome.ts";
import { nearestName } from "./nearest-name.ts";

/** Ends the reading of a model; `parse-model.ts` turns it into its rejection. */
export class ModelStop extends Error {
  readonly rejection: Rejection;

  constructor(code: string, facts: Readonly<Record<string, string | number>>) {
    super(code);
    this.name = "ModelStop";
    this.rejection = { code, facts };
  }
}

/** Bounds of a number field. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** One object of a model, with its place in words. */
export class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;

  constructor(value: unknown, where: string, known: readonly string[]) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ModelStop("ENGINE_MODEL_VALUE", { where, rule: "an object" });
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) {
        const facts = { where, key: key.slice(0, 64), nearest: nearestName(key, known) };
        throw new ModelStop("ENGINE_MODEL_KEY", facts);
      }
    }
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#where = where;
  }

  /** Whether the field is there. */
  has(key: string): boolean {
    return Object.hasOwn(this.#fields, key);
  }

  /** A field that must be there. */
  any(key: string): unknown {
    const value = Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
    if (value === undefined)
      throw new ModelStop("ENGINE_MODEL_MISSING", { where: this.#where, key });
    return value;
  }

  /** An integer in a range. */
  integer(key: string, { min, max }: NumberRange): number {
    const value = this.any(key);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
      this.refuse(key, `an integer from ${min} to ${max}`);
    }
    return value;
  }

  /** A number in a range. */
  number(key: string, { min, max }: NumberRange): number {
    const value = this.any(key);
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      this.refuse(key, `a number from ${min} to ${max}`);
    }
    return value;
  }

  /** One of the given names; `fallback` where the field is absent. */
  choice<N extends string>(key: string, names: readonly N[], fallback?: N): N {
    if (fallback !== undefined && !Object.hasOwn(this.#fields, key)) return fallback;
    const value = this.any(key);
    const found = names.find((name) => name === value);
    if (found === undefined) {
      const hint = typeof value === "string" ? `; nearest: ${nearestName(value, names)}` : "";
      this.refuse(key, `one of ${names.join(", ")}${hint}`);
    }
    return found;
  }

  /** True or false; `fallback` where the field is absent. */
  flag(key: string, fallback: boolean): boolean {
    if (!Object.hasOwn(this.#fields, key)) return fallback;
    const value = this.any(key);
    return typeof value === "boolean" ? value : this.refuse(key, "true or false");
  }

  /** A list whose length is in a range. */
  list(key: string, { min, max }: NumberRange): readonly unknown[] {
    const value = this.any(key);
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      this.refuse(key, `a list of ${min} to ${max} items`);
    }
    return value as readonly unknown[];
  }

  refuse(key: string, rule: string): never {
    throw new ModelStop("ENGINE_MODEL_VALUE", { where: this.#where, key, rule });
  }
}
