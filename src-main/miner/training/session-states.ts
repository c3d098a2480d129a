/** Decides how all state tensors of a program go to a device and come back. */

import type { Program } from "../../engine/index.ts";
import type { EngineSession } from "../../ports/engine-backend.ts";

/** Sets all state tensors, in program order. */
export async function uploadStates(
  session: EngineSession,
  states: readonly Float32Array[],
): Promise<void> {
  for (const [state, values] of states.entries()) await session.upload(state, values);
}

/**
 * Copies of all state tensors, in program order.
 * @param into  memory for each of them; the answers may stand there or elsewhere
 */
export async function downloadStates(
  session: EngineSession,
  program: Program,
  into?: readonly Float32Array[],
): Promise<readonly Float32Array[]> {
  const states: Float32Array[] = [];
  for (const state of program.states.keys()) {
    states.push(await session.download(state, into?.[state]));
  }
  return states;
}
