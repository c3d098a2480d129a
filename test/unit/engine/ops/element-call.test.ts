import { describe, expect, it } from "vitest";
import { checkCase, checkedOps } from "../../../../src-main/adapters/native-engine/index.ts";
import { bitsOfFloat, openProgram, shapeOfValue } from "../../../../src-main/engine/index.ts";
import { ELEMENTWISE } from "../../../../src-main/engine/ops/element-call.ts";
import { evaluateElement, opNamed } from "../../../../src-main/engine/ops/registry.ts";

/** The call of a random case whose operands are states. */
function callOf(name: string, seed: number) {
  const { programBytes, states, step, batch } = checkCase(name, seed, 60);
  const program = openProgram(programBytes);
  if (!program.ok) throw new Error(program.rejection.code);
  const record = program.value.ops[1];
  const inputs = record.inputs.map(({ index }) => states[index]);
  const inputShapes = record.inputs.map((ref) => shapeOfValue(program.value, ref));
  const { attributes, shape } = record;
  return { inputs, inputShapes, attributes, shape, step, batch };
}

describe("element-call", () => {
  it.each([...ELEMENTWISE])("gives each element of %s as the whole op does", (name) => {
    expect(checkedOps).toContain(name);
    const op = opNamed(name);
    if (op === undefined) throw new Error(name);
    for (let seed = 1; seed <= 40; seed += 1) {
      const call = callOf(name, seed);
      const whole = Array.from(op.evaluate(call), bitsOfFloat);
      const alone = whole.map((_, index) => bitsOfFloat(evaluateElement(op, call, index)));
      expect(alone).toEqual(whole);
    }
  });
});
