/** Runs a small graph of ops on the reference, on operands given as values and shape. */
import type { GraphValue } from "../../src-main/engine/ops/op.ts";
import { ProgramBuilder } from "../../src-main/engine/program/builder.ts";
import { checkProgram } from "../../src-main/engine/program/check.ts";
import { evaluateStep } from "../../src-main/engine/reference/evaluate.ts";
import type { Tensor } from "./run-op.ts";

/** The value a graph gives for these operands, in step `step`. */
export function runGraph(
  build: (builder: ProgramBuilder, operands: GraphValue[]) => GraphValue,
  operands: readonly Tensor[],
  step = 1,
): Tensor {
  const builder = new ProgramBuilder();
  builder.op("load", [], [0], [1, 2]);
  const states = operands.map(({ shape }, at) =>
    builder.state(`operand ${at}`, shape, { kind: "zeros" }),
  );
  const y = build(builder, states);
  builder.output("y", y);
  const program = checkProgram(builder.finish());
  if (!program.ok) throw new Error(JSON.stringify(program.rejection));
  const values = evaluateStep(
    program.value,
    operands.map((operand) => operand.values),
    { step, batch: new Uint8Array(2) },
  );
  return { shape: y.shape, values: values[y.ref.index] };
}
