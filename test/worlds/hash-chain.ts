/**
 * Decides how two trainings are compared over many steps: each step's hash covers all states and
 * the step before, so equal last hashes mean equal trainings; where they part, the first step and
 * the first op whose bytes differ are found.
 */
import { createHash } from "node:crypto";
import { differingElement } from "../../src-main/adapters/native-engine/index.ts";
import { bitsOfFloat, encodeProgram } from "../../src-main/engine/index.ts";
import type { ModelConfig, Program } from "../../src-main/engine/index.ts";
import type { EngineBackend, EngineSession } from "../../src-main/ports/engine-backend.ts";
import { batchOf, startStates, trainingProgram } from "./conformance-models.ts";

/** A session at its start. */
async function started(backend: EngineBackend, program: Program): Promise<EngineSession> {
  const session = await backend.open(encodeProgram(program));
  for (const [index, values] of startStates(program).entries()) await session.upload(index, values);
  return session;
}

/** The hash of every step of a training, in hex. */
export async function hashChain(
  backend: EngineBackend,
  model: ModelConfig,
  steps: number,
): Promise<readonly string[]> {
  const program = trainingProgram(model);
  const session = await started(backend, program);
  const hashes: string[] = [];
  let before = "";
  for (let step = 1; step <= steps; step += 1) {
    await session.run(step, batchOf(model, step));
    const hash = createHash("sha256").update(before);
    for (const index of program.states.keys()) {
      const { buffer, byteOffset, byteLength } = await session.download(index);
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    before = hash.digest("hex");
    hashes.push(before);
  }
  session.close();
  return hashes;
}

/** The first step whose hashes differ, counted from 1; 0 where the shorter chain is equal. */
export function firstPartedStep(given: readonly string[], expected: readonly string[]): number {
  const both = given.slice(0, expected.length);
  return both.findIndex((hash, at) => hash !== expected[at]) + 1;
}

/** Where two trainings part. */
export interface Parting {
  readonly op: string;
  readonly opIndex: number;
  readonly element: number;
  readonly given: string;
  readonly expected: string;
}

/** The first op, and of it the first element, whose bytes differ in a step. */
export async function partingOf(
  given: EngineBackend,
  expected: EngineBackend,
  model: ModelConfig,
  step: number,
): Promise<Parting | undefined> {
  const program = trainingProgram(model);
  const sessions = [await started(given, program), await started(expected, program)];
  for (let at = 1; at <= step; at += 1) {
    for (const session of sessions) await session.run(at, batchOf(model, at));
  }
  try {
    for (const [opIndex, { op }] of program.ops.entries()) {
      const [a, b] = [await sessions[0].value(opIndex), await sessions[1].value(opIndex)];
      const element = differingElement(a, b);
      if (element < 0) continue;
      const [one, other] = [a, b].map((values) => bitsOfFloat(values[element]).toString(16));
      return { op, opIndex, element, given: one, expected: other };
    }
    return undefined;
  } finally {
    for (const session of sessions) session.close();
  }
}
