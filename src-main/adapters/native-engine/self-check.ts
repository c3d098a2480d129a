/**
 * Decides whether a backend may earn on this machine: every op on a few hostile shapes, then whole
 * steps, compared with the reference engine bit for bit. A device that fails is shown as "not exact
 * here: op …".
 */
import { ReferenceBackend } from "../../engine/index.ts";
import type { EngineBackend } from "../../ports/engine-backend.ts";
import { checkCase, checkedOps } from "./check-cases.ts";
import type { CheckCase } from "./check-cases.ts";
import { checkedSteps, stepStates } from "./step-check.ts";

/** Cases of one op at start-up; the conformance tests run many more. */
const CASES_PER_OP = 4;

/** Elements of an operand at start-up: fills every kind of tile, quick on the reference. */
const CASE_ELEMENTS = 700;

/** First seed; fixed, so that a device that fails once fails again. */
const CASE_SEED = 20_260;

/** The value a backend gives for the case's op. */
export async function valueOf(backend: EngineBackend, check: CheckCase): Promise<Float32Array> {
  const session = await backend.open(check.programBytes);
  try {
    for (const [index, values] of check.states.entries()) await session.upload(index, values);
    await session.run(check.step, check.batch);
    return await session.output(0);
  } finally {
    session.close();
  }
}

/** The first element whose bits differ, or −1; a different length differs at the shorter's end. */
export function differingElement(a: Float32Array, b: Float32Array): number {
  const aBits = new Uint32Array(a.buffer, a.byteOffset, a.length);
  const bBits = new Uint32Array(b.buffer, b.byteOffset, b.length);
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) if (aBits[i] !== bBits[i]) return i;
  return a.length === b.length ? -1 : shorter;
}

/**
 * Compares a backend with the reference on every op, and where all are exact on whole steps.
 * @returns names of the ops that are not exact here, or of the steps; empty when it may earn
 * @cost    below 0.5 s
 */
export async function selfCheck(backend: EngineBackend): Promise<readonly string[]> {
  const reference = new ReferenceBackend();
  const wrong: string[] = [];
  for (const op of checkedOps) {
    let exact = true;
    for (let i = 0; exact && i < CASES_PER_OP; i += 1) {
      const check = checkCase(op, CASE_SEED + i, CASE_ELEMENTS);
      const expected = await valueOf(reference, check);
      exact = differingElement(await valueOf(backend, check), expected) < 0;
    }
    if (!exact) wrong.push(op);
  }
  if (wrong.length > 0) return wrong;
  for (const name of checkedSteps) {
    const pairs = await stepStates(backend, name);
    const exact = pairs.every(([given, expected]) => differingElement(given, expected) < 0);
    if (!exact) wrong.push(`several as one (a step of a ${name})`);
  }
  return wrong;
}
