/**
 * Decides how the options of one foreign layer are read: those that mean something are checked,
 * those that only matter to training elsewhere are left out, and one that nobody here knows is
 * refused unless it is null or false.
 */
import { isCount, own } from "./foreign-value.ts";
import type { ForeignObject } from "./foreign-value.ts";
import { shownValue, stop } from "./keras-stop.ts";

/** A layer of a foreign model. */
export interface KerasLayer {
  /** Its class, such as "Conv2D". */
  readonly kind: string;
  readonly name: string;
  readonly config: ForeignObject;
}

/** A layer and the names of the layers it takes values from. */
export interface KerasNode extends KerasLayer {
  readonly inputs: readonly string[];
}

/** A model as a graph. */
export interface KerasGraph {
  /** Each with a name of its own. */
  readonly nodes: readonly KerasNode[];
  /** Name of the layer whose value the model answers with. */
  readonly output: string;
  /** Axes of the input as they are written, the batch first; null is open. */
  readonly batchShape: unknown;
}

/** Options without a meaning for what a layer computes. */
const MEANINGLESS: ReadonlySet<string> = new Set([
  "name",
  "trainable",
  "dtype",
  "batch_input_shape",
  "batch_shape",
  "sparse",
  "ragged",
  "seed",
  "autocast",
  "optional",
]);

/** How training elsewhere began, was held back and was bounded. */
const OF_TRAINING = /_(initializer|regularizer|constraint)$/;

/** Bounds of a number. */
interface Range {
  readonly min: number;
  readonly max: number;
}

/** Reads the options of one layer. */
export class KerasOptions {
  readonly #layer: KerasLayer;

  /** @param known  options that are read here, of this kind of layer */
  constructor(layer: KerasLayer, known: readonly string[]) {
    this.#layer = layer;
    for (const key of Object.keys(layer.config)) {
      if (known.includes(key) || MEANINGLESS.has(key) || OF_TRAINING.test(key)) continue;
      const value = own(layer.config, key);
      if (value === undefined || value === false) continue;
      this.refuse(key, "leave it out; what it would mean is not known here");
    }
  }

  /** Refuses an option of this layer. */
  refuse(option: string, rule: string): never {
    const { kind, name, config } = this.#layer;
    const given = shownValue(own(config, option) ?? null);
    stop("ENGINE_KERAS_OPTION", { layer: name, kind, option, given, rule });
  }

  /** The option as it is; undefined where it is absent or null. */
  any(key: string): unknown {
    return own(this.#layer.config, key);
  }

  /** An integer. */
  count(key: string, { min, max }: Range, fallback?: number): number {
    const value = this.any(key) ?? fallback;
    if (isCount(value, min, max)) return value;
    return this.refuse(key, `an integer from ${min} to ${max}`);
  }

  /** A number. */
  number(key: string, { min, max }: Range, fallback?: number): number {
    const value = this.any(key) ?? fallback;
    if (typeof value === "number" && value >= min && value <= max) return value;
    return this.refuse(key, `a number from ${min} to ${max}`);
  }

  /** True or false. */
  flag(key: string, fallback: boolean): boolean {
    const value = this.any(key) ?? fallback;
    return typeof value === "boolean" ? value : this.refuse(key, "true or false");
  }

  /** One number for both axes of an image: n, or [n, n]. */
  square(key: string, range: Range, fallback?: number): number {
    const given = this.any(key) ?? fallback;
    const isPair = Array.isArray(given) && given.length === 2;
    const [first, second] = isPair ? (given as unknown[]) : [given, given];
    if (isCount(first, range.min, range.max) && first === second) return first;
    return this.refuse(key, `the same in height and width, from ${range.min} to ${range.max}`);
  }

  /** Refuses any value but this one; an absent option has it. */
  only(key: string, value: string | number | boolean, rule: string): void {
    const given = this.any(key) ?? value;
    if (given !== value) this.refuse(key, rule);
  }

  /** Refuses any axis but the last of a sample of that many axes. */
  lastAxis(axes: number): void {
    const given = this.any("axis") ?? -1;
    const axis: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
    if (axis !== -1 && axis !== axes) this.refuse("axis", "the last axis, -1");
  }
}
