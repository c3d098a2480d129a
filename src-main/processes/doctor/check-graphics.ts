/** Decides what the doctor says of graphics devices: exact here, or which op is not. */

import type { GraphicsEngine } from "../../adapters/machine/index.ts";
import { attention, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const CHECK = "graphics device";

/** One line for each adapter; a GPU that cannot be used takes nothing from the processor. */
export function graphicsFindings(found: readonly GraphicsEngine[]): readonly Finding[] {
  if (found.length === 0) return [ok(CHECK, "none; the processor trains")];
  return found.map(({ name, exact, variant, reason }) =>
    exact
      ? ok(CHECK, `${variant}: exact`)
      : attention(CHECK, `${name}: ${reason ?? "unknown"}`, "Update its driver, or let it rest."),
  );
}
