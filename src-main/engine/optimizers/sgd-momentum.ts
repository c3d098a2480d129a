/** Decides stochastic gradient descent with momentum: v ← μ·v + g; w ← w − rate·v. */
import { canon } from "../canon.ts";
import type { GraphValue } from "../ops/op.ts";
import type { SgdMomentum } from "../models/model-config.ts";
import type { ProgramBuilder } from "../program/builder.ts";
import { appendSchedule } from "./schedule-table.ts";

/** Appends the update of all parameters; velocities become states after all parameters. */
export function appendSgdMomentum(
  builder: ProgramBuilder,
  { momentum, schedule }: SgdMomentum,
  parameters: readonly GraphValue[],
  gradients: readonly GraphValue[],
): void {
  const rate = appendSchedule(builder, schedule);
  const names = parameters.map((parameter) => builder.states[parameter.ref.index].name);
  for (const [index, parameter] of parameters.entries()) {
    const { shape } = parameter;
    const velocity = builder.state(`velocity/${names[index]}`, shape, { kind: "zeros" });
    // Rank is equal and all other dimensions are 1, so both broadcast over the tensor.
    const ones = shape.map(() => 1);
    const kept = builder.op("mul", [velocity, builder.filled(canon(momentum), ones)]);
    const next = builder.op("add", [kept, gradients[index]]);
    const scale = shape.length === 1 ? rate : builder.op("reshape", [rate], [], ones);
    builder.update(velocity, next);
    builder.update(parameter, builder.op("sub", [parameter, builder.op("mul", [next, scale])]));
  }
}
