/**
 * Decides how layers declare what they learn: each tensor once, under a name of its own, however
 * often the forward pass stands in a program.
 */
import { bitsOfFloat, canon } from "../canon.ts";
import type { GraphValue } from "../ops/op.ts";
import { elementCount } from "../ops/op.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { GraphStop } from "../program/builder.ts";
import type { Initialiser, Shape } from "../program/program.ts";

/** How a model is written into a program. */
export interface WritingMode {
  /** Profile attribute of all products. */
  readonly profile: number;
  /** Whether the program trains: dropout drops, batch norm uses and updates the batch. */
  readonly isTraining: boolean;
}

/** All ones, as a start. */
export const ONES: Initialiser = { kind: "constant", bits: 0x3f800000 };

/** Uniform in ±bound, rounded to f32. */
export function uniform(bound: number): Initialiser {
  return { kind: "uniform", boundBits: bitsOfFloat(canon(bound)) };
}

/** Which layer: its number, or a path such as "3/body-0" within a residual. */
export type Place = number | string;

/** Refuses with ENGINE_MODEL_SHAPE: layer `layer` does not fit. */
export function refuseLayer(layer: Place, rule: string): never {
  throw new GraphStop({ code: "ENGINE_MODEL_SHAPE", facts: { layer, rule } });
}

/** The parameters of a model and the state tensors beside them. */
export class ModelWriter {
  readonly builder: ProgramBuilder;
  readonly profile: number;
  readonly isTraining: boolean;
  readonly parameters: GraphValue[] = [];
  readonly #known = new Map<string, GraphValue>();
  #masks = 0;

  constructor(builder: ProgramBuilder, { profile, isTraining }: WritingMode) {
    this.builder = builder;
    this.profile = profile;
    this.isTraining = isTraining;
  }

  /** A tensor that is trained. */
  parameter(name: string, shape: Shape, initialiser: Initialiser): GraphValue {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const made = this.held(name, shape, initialiser);
    this.parameters.push(made);
    return made;
  }

  /** A tensor that lives from step to step without being trained. */
  held(name: string, shape: Shape, initialiser: Initialiser): GraphValue {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const made = this.builder.state(name, shape, initialiser);
    this.#known.set(name, made);
    return made;
  }

  /** Another number for each mask of the program. */
  nextMask(): number {
    this.#masks += 1;
    return this.#masks - 1;
  }

  /** x [..., K] · weights [K, units] + bias, [..., units]. */
  linear(name: string, x: GraphValue, units: number, start: Initialiser): GraphValue {
    const inputs = x.shape[x.shape.length - 1];
    const weights = this.parameter(`${name}/weights`, [inputs, units], start);
    const bias = this.parameter(`${name}/bias`, [units], { kind: "zeros" });
    const rows = [elementCount(x.shape) / inputs, inputs];
    const flat = this.builder.op("reshape", [x], [], rows);
    const product = this.builder.op("matmul", [flat, weights], [this.profile]);
    const moved = this.builder.op("bias", [product, bias]);
    return this.builder.op("reshape", [moved], [], [...x.shape.slice(0, -1), units]);
  }
}
