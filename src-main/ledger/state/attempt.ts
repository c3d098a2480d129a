/** Decides that a refused step leaves no trace, whatever it wrote before it was refused. */

import type { Outcome } from "../../contract/outcome.ts";
import type { StateOverlay } from "./overlay.ts";

/** Runs a step on an overlay; its writes stay only when it succeeds. */
export function attempt<T>(overlay: StateOverlay, step: () => Outcome<T>): Outcome<T> {
  const savepoint = overlay.savepoint();
  const outcome = step();
  if (!outcome.ok) overlay.rollback(savepoint);
  return outcome;
}
