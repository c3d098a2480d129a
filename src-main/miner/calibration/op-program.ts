/** Decides how one op alone is run on a device: a program of it, its operands as state tensors. */

import { elementCount, encodeProgram } from "../../engine/index.ts";
import type { Program, Shape } from "../../engine/index.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";

/** One op on operands of these shapes. */
export interface OpQuestion {
  readonly op: string;
  readonly inputs: readonly Shape[];
  readonly attributes: readonly number[];
  readonly shape: Shape;
}

/** Bytes of a batch of an op program: one sample of one feature and a label, read by nobody. */
export const OP_BATCH: Uint8Array = new Uint8Array(2);

/** The program; the op is its op 1, since op 0 is always `load`, and its only output. */
export function opProgram({ op, inputs, attributes, shape }: OpQuestion): Program {
  return {
    states: inputs.map((dims, index) => {
      return { name: `operand ${index}`, shape: dims, initialiser: { kind: "zeros" } };
    }),
    ops: [
      { op: "load", inputs: [], attributes: [0], shape: [1, 2] },
      {
        op,
        inputs: inputs.map((_, index) => ({ from: "state", index }) as const),
        attributes,
        shape,
      },
    ],
    updates: [],
    outputs: [{ name: "value", value: { from: "op", index: 1 } }],
  };
}

/** Numbers in [-0.5, 0.5) that look random, equal on every machine; `seed` tells tensors apart. */
export function spreadNumbers(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  let word = Math.imul(seed + 1, 0x9e3779b1);
  for (let at = 0; at < count; at += 1) {
    word = (Math.imul(word, 1664525) + 1013904223) | 0;
    values[at] = (word >>> 16) / 65_536 - 0.5;
  }
  return values;
}

/** Opens the program on a device, its operands filled. */
export async function openOp(backend: EngineBackend, question: OpQuestion): Promise<EngineSession> {
  const session = await backend.open(encodeProgram(opProgram(question)));
  for (const [index, dims] of question.inputs.entries()) {
    await session.upload(index, spreadNumbers(elementCount(dims), index));
  }
  return session;
}

/** A product of two square matrices; profile as the op's attribute has it. */
export function squareProduct(profile: number, size: number): OpQuestion {
  const dims = [size, size];
  return { op: "matmul", inputs: [dims, dims], attributes: [profile], shape: dims };
}
