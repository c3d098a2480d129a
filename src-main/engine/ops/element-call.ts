/**
 * Decides how an op that goes element by element is asked for one element alone: its operands are
 * the elements that meet there. Whoever checks a device looks at single elements of large tensors.
 */
import type { OpCall } from "./op.ts";

/** Ops of which each element comes from one of each operand; shapes meet as in `broadcast.ts`. */
export const ELEMENTWISE: ReadonlySet<string> = new Set([
  ...["add", "sub", "mul", "div", "sqrt", "exp", "log", "relu", "relu-gradient", "sigmoid"],
  ...["tanh", "erf", "gelu", "gelu-gradient", "sin", "cos"],
]);

/** The call whose only element is element `index` of this call's. */
export function elementCall(call: OpCall, index: number): OpCall {
  const { inputShapes, shape } = call;
  const inputs = call.inputs.map((values, input) => {
    const dims = inputShapes[input];
    let rest = index;
    let stride = 1;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const position = rest % shape[axis];
      rest = (rest - position) / shape[axis];
      if (dims[axis] !== 1) at += position * stride;
      stride *= dims[axis];
    }
    return Float32Array.of(values[at]);
  });
  const one = shape.map(() => 1);
  return { ...call, inputs, inputShapes: inputs.map(() => one), shape: one };
}
