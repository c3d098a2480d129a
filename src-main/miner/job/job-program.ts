/**
 * Decides how a specification becomes something to run: the model is compiled here, by whoever
 * trains or checks, and must give the program hash of the job. No program is ever taken from
 * another party.
 */

import { encode } from "../../codec/index.ts";
import { bytesEqual } from "../../contract/bytes.ts";
import { Fault } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Hasher } from "../../crypto/index.ts";
import {
  compileEvaluation,
  compileTraining,
  encodeProgram,
  initialStates,
  modelText,
  parseModel,
  profileId,
  programHash,
  stateMapping,
} from "../../engine/index.ts";
import type { ModelConfig, Program } from "../../engine/index.ts";
import { jobSpecificationCodec, specificationHash } from "../../learning/index.ts";
import type { JobSpecification } from "../../learning/index.ts";

/** A job that can be run. */
export interface JobProgram {
  readonly spec: JobSpecification;
  readonly specificationHash: Uint8Array;
  readonly model: ModelConfig;
  readonly program: Program;
  readonly programBytes: Uint8Array;
  /** Indices of the outputs "loss" and "logits". */
  readonly lossOutput: number;
  readonly logitsOutput: number;
  /** The state the job begins with (`start-state.ts`); absent where that is the seed's. */
  readonly start?: readonly Float32Array[];
}

/**
 * Compiles a job and compares the program hash.
 * Throws Fault LEARNING_PROGRAM when model and specification do not fit together.
 */
export function openJob(h: Hasher, spec: JobSpecification): JobProgram {
  if (!bytesEqual(profileId(h), spec.profile)) {
    throw new Fault("LEARNING_PROFILE", "the job names another numeric profile");
  }
  const model = held(parseModel(spec.model));
  const program = held(compileTraining(model));
  if (!bytesEqual(programHash(h, program), spec.programHash)) {
    throw new Fault("LEARNING_PROGRAM", "the model does not give the job's program hash");
  }
  if (modelText(model) !== spec.model) {
    throw new Fault("LEARNING_PROGRAM", "the model's text is not the canonical one");
  }
  if (model.batchSize !== spec.batchSize) {
    throw new Fault("LEARNING_PROGRAM", "model and specification differ in the batch size");
  }
  return {
    spec,
    specificationHash: specificationHash(h, spec),
    model,
    program,
    programBytes: encodeProgram(program),
    lossOutput: outputNamed(program, "loss"),
    logitsOutput: outputNamed(program, "logits"),
  };
}

/** The state before step 1. Throws Fault LEARNING_START where a given one has not been opened. */
export function startState({ spec, program, start }: JobProgram): readonly Float32Array[] {
  if (spec.startRoot.every((byte) => byte === 0)) return initialStates(spec.seed, program);
  if (start !== undefined) return start;
  throw new Fault("LEARNING_START", "the state the job begins with was not handed out");
}

/** The forward pass of a job and where its states stand among the training program's. */
export function evaluationOf(
  { model }: JobProgram,
  training: Program,
  batchSize: number,
): { readonly programBytes: Uint8Array; readonly states: readonly number[] } {
  const program = held(compileEvaluation(model, batchSize));
  return { programBytes: encodeProgram(program), states: stateMapping(training, program) };
}

/** Canonical bytes of a specification, as they cross to a child process. */
export function specificationBytes(spec: JobSpecification): Uint8Array {
  return encode(jobSpecificationCodec, spec);
}

/** The value, or Fault LEARNING_PROGRAM with the rejection that stands in its way. */
function held<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, facts } = outcome.rejection;
  throw new Fault("LEARNING_PROGRAM", `the job's model does not compile: ${code}`, {
    ...facts,
    reason: code,
  });
}

function outputNamed(program: Program, name: string): number {
  const index = program.outputs.findIndex((output) => output.name === name);
  if (index < 0) throw new Fault("LEARNING_PROGRAM", `the program has no output ${name}`);
  return index;
}
