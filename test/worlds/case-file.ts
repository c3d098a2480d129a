/**
 * Decides how the reference's answers are written for a program without Node
 * (native/conformance/case-file.h reads them): little-endian, every count a u32.
 */
import { checkCase, checkedOps, valueOf } from "../../src-main/adapters/native-engine/index.ts";
import { ReferenceBackend, encodeProgram } from "../../src-main/engine/index.ts";
import type { ModelConfig } from "../../src-main/engine/index.ts";
import { batchOf, startStates, trainingProgram } from "./conformance-models.ts";

/** A state after the last step, or an op's value in it. */
interface CaseResult {
  readonly from: "state" | "op";
  readonly index: number;
  readonly values: Float32Array;
}

/** A program to run from states by steps, and what must come of it. */
export interface FileCase {
  readonly name: string;
  readonly programBytes: Uint8Array;
  readonly states: readonly Float32Array[];
  readonly steps: readonly { readonly step: number; readonly batch: Uint8Array }[];
  readonly results: readonly CaseResult[];
}

const MAGIC = "VVC1";

function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

const list = (bytes: Uint8Array): Uint8Array[] => [number(bytes.length), bytes];

const floats = (values: Float32Array): Uint8Array[] => [
  number(values.length),
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
];

/** The file's bytes. */
export function encodeCases(cases: readonly FileCase[]): Uint8Array {
  const text = new TextEncoder();
  const parts = [text.encode(MAGIC), number(cases.length)];
  for (const { name, programBytes, states, steps, results } of cases) {
    parts.push(...list(text.encode(name)), ...list(programBytes));
    parts.push(number(states.length), ...states.flatMap(floats));
    parts.push(number(steps.length));
    for (const { step, batch } of steps) parts.push(number(step), ...list(batch));
    parts.push(number(results.length));
    for (const { from, index, values } of results) {
      parts.push(number(from === "state" ? 1 : 0), number(index), ...floats(values));
    }
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** `count` random shapes of every op, on hostile numbers. */
export async function opCases(
  count: number,
  elements: number,
  firstSeed: number,
): Promise<readonly FileCase[]> {
  const reference = new ReferenceBackend();
  const cases: FileCase[] = [];
  for (const op of checkedOps) {
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      const check = checkCase(op, seed, elements);
      const index = check.program.ops.length - 1;
      cases.push({
        name: `${op} seed ${seed}`,
        programBytes: check.programBytes,
        states: check.states,
        steps: [{ step: check.step, batch: check.batch }],
        results: [{ from: "op", index, values: await valueOf(reference, check) }],
      });
    }
  }
  return cases;
}

/** A training of some steps: all states after them and all values of the last one. */
export async function trainingCase(
  name: string,
  model: ModelConfig,
  count: number,
): Promise<FileCase> {
  const program = trainingProgram(model);
  const programBytes = encodeProgram(program);
  const states = startStates(program);
  const session = await new ReferenceBackend().open(programBytes);
  for (const [index, values] of states.entries()) await session.upload(index, values);
  const steps = Array.from({ length: count }, (_, at) => {
    return { step: at + 1, batch: batchOf(model, at + 1) };
  });
  for (const { step, batch } of steps) await session.run(step, batch);
  const results: CaseResult[] = [];
  for (const index of program.states.keys()) {
    results.push({ from: "state", index, values: await session.download(index) });
  }
  for (const index of program.ops.keys()) {
    results.push({ from: "op", index, values: await session.value(index) });
  }
  session.close();
  return { name, programBytes, states, steps, results };
}
