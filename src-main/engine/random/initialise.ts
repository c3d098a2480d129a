/**
 * Decides the start state: each tensor's first values as a pure function of the job seed, the
 * tensor's name and the element's index (NUMERICS.md, "Start state").
 */
import { floatOfBits } from "../canon.ts";
import { elementCount } from "../ops/op.ts";
import { mul } from "../primitives.ts";
import type { Program, StateTensor } from "../program/program.ts";
import { philoxWord } from "./philox.ts";
import { purposeKey } from "./purpose-key.ts";

/** 2^-23: turns a signed 24-bit integer into [-1, 1) exactly. */
const UNIT = 1 / 8388608;

/** Element i = mul((w >> 8) − 2^23 scaled to [-1, 1), bound), w the first word at counter i. */
function uniform(seed: Uint8Array, name: string, count: number, bound: number): Float32Array {
  const key = purposeKey(seed, `initialise/${name}`);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 1) {
    const word = philoxWord(index, 0, 0, 0, key);
    values[index] = mul(((word >>> 8) - 8388608) * UNIT, bound);
  }
  return values;
}

/** The first value of one state tensor. */
export function initialState(seed: Uint8Array, { name, shape, initialiser }: StateTensor) {
  const count = elementCount(shape);
  switch (initialiser.kind) {
    case "zeros":
      return new Float32Array(count);
    case "constant":
      return new Float32Array(count).fill(floatOfBits(initialiser.bits));
    case "uniform":
      return uniform(seed, name, count, floatOfBits(initialiser.boundBits));
  }
}

/** The first values of all state tensors, in program order. */
export function initialStates(seed: Uint8Array, program: Program): readonly Float32Array[] {
  return program.states.map((state) => initialState(seed, state));
}
