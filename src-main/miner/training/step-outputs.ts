/**
 * Decides when the outputs of a step are read: where the device keeps them, while the next step is
 * at work, so that it never waits for whoever writes them down; else at once.
 */

import type { EngineSession } from "../../ports/engine-backend.ts";

/** Reads what was noted of a step; before the second run after it begins. */
export type ReadOutputs = () => Promise<readonly Float32Array[]>;

/** Notes outputs of the last run, in this order. */
export async function noteOutputs(
  session: EngineSession,
  outputs: readonly number[],
): Promise<ReadOutputs> {
  const later = session.later?.(outputs);
  if (later !== undefined) return later;
  const values: Float32Array[] = [];
  for (const output of outputs) values.push(await session.output(output));
  return () => Promise.resolve(values);
}
