/**
 * Decides AdamW (Loshchilov and Hutter 2019) as a graph of ops (NUMERICS.md, "AdamW"): moments of
 * the gradient, corrected by 1 − β^t, a root with epsilon added after it, and decay apart.
 */
import { canon } from "../canon.ts";
import type { GraphValue } from "../ops/op.ts";
import type { AdamW } from "../models/model-config.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { appendSchedule } from "./schedule-table.ts";

/** 1 − β^t as [1]; β^t is a state scalar, from 1 and multiplied once a step. */
function appendCorrection(builder: ProgramBuilder, name: string, beta: number): GraphValue {
  const power = builder.state(name, [1], { kind: "constant", bits: 0x3f800000 });
  const next = builder.op("mul", [power, builder.filled(canon(beta), [1])]);
  builder.update(power, next);
  return builder.op("sub", [builder.filled(1, [1]), next]);
}

/** Appends the update of one parameter. */
class AdamWriter {
  readonly #builder: ProgramBuilder;
  readonly #optimizer: AdamW;
  readonly #first: GraphValue;
  readonly #second: GraphValue;
  readonly #rate: GraphValue;

  constructor(builder: ProgramBuilder, optimizer: AdamW) {
    this.#builder = builder;
    this.#optimizer = optimizer;
    this.#rate = appendSchedule(builder, optimizer.schedule);
    this.#first = appendCorrection(builder, "beta1-power", optimizer.beta1);
    this.#second = appendCorrection(builder, "beta2-power", optimizer.beta2);
  }

  append(parameter: GraphValue, gradient: GraphValue, name: string): void {
    const { beta1, beta2, epsilon, weightDecay } = this.#optimizer;
    const square = this.#builder.op("mul", [gradient, gradient]);
    const mean = this.#moment(`moment-1/${name}`, gradient, beta1);
    const meanSquare = this.#moment(`moment-2/${name}`, square, beta2);
    const corrected = this.#op("div", mean, this.#first);
    const root = this.#builder.op("sqrt", [this.#op("div", meanSquare, this.#second)]);
    const size = this.#scaled("add", root, epsilon);
    const direction = this.#builder.op("div", [corrected, size]);
    const decay = this.#scaled("mul", parameter, weightDecay);
    const change = this.#op("mul", this.#builder.op("add", [direction, decay]), this.#rate);
    this.#builder.update(parameter, this.#builder.op("sub", [parameter, change]));
  }

  /** moment ← moment·β + value·(1 − β), the new one. */
  #moment(name: string, value: GraphValue, beta: number): GraphValue {
    const moment = this.#builder.state(name, value.shape, { kind: "zeros" });
    const kept = this.#scaled("mul", moment, beta);
    // A constant of its own: from the f32 of β it would carry that rounding, large beside 1 − β.
    const next = this.#builder.op("add", [kept, this.#scaled("mul", value, 1 - beta)]);
    this.#builder.update(moment, next);
    return next;
  }

  /** An op of a tensor and one number. */
  #scaled(name: string, value: GraphValue, factor: number): GraphValue {
    return this.#builder.op(name, [value, this.#builder.filled(canon(factor), onesOf(value))]);
  }

  /** An op of a tensor and a [1] value; ranks are made equal, dimensions 1 broadcast. */
  #op(name: string, value: GraphValue, scalar: GraphValue): GraphValue {
    const ones = onesOf(value);
    const fitting = ones.length === 1 ? scalar : this.#builder.op("reshape", [scalar], [], ones);
    return this.#builder.op(name, [value, fitting]);
  }
}

const onesOf = ({ shape }: GraphValue): readonly number[] => shape.map(() => 1);

/**
 * Appends the update of all parameters. After the parameters stand the states beta1-power and
 * beta2-power, then moment-1 and moment-2 of each parameter.
 */
export function appendAdamW(
  builder: ProgramBuilder,
  optimizer: AdamW,
  parameters: readonly GraphValue[],
  gradients: readonly GraphValue[],
): void {
  const names = parameters.map((parameter) => builder.states[parameter.ref.index].name);
  const writer = new AdamWriter(builder, optimizer);
  for (const [index, parameter] of parameters.entries()) {
    writer.append(parameter, gradients[index], names[index]);
  }
}
