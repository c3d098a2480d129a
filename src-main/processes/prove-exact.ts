/** Decides whether a compiled engine may compute here: every op gave the reference's bytes. */

import { selfCheck } from "../adapters/native-engine/index.ts";
import { Fault } from "../contract/outcome.ts";
import type { EngineBackend } from "../ports/engine-backend.ts";

/**
 * The backend itself, after every op has met the reference's bytes on this machine.
 * @throws Fault MINER_NOT_EXACT with the ops that did not
 */
export async function proveExact<T extends EngineBackend>(backend: T): Promise<T> {
  const wrong = await selfCheck(backend);
  if (wrong.length === 0) return backend;
  const ops = wrong.join(", ");
  const { name, variant } = backend;
  throw new Fault("MINER_NOT_EXACT", notExact(wrong), { ops, engine: name, variant });
}

/** What is said of a backend with wrong ops. */
export function notExact(wrong: readonly string[]): string {
  return `not exact here: op ${wrong.join(", ")}`;
}
