/** Takes the rejection out of a call that must end an import. */

import { ImportStop } from "../../../../src-main/adapters/data-import/stop.ts";
import type { Rejection } from "../../../../src-main/contract/outcome.ts";

/** What the call was refused with. */
export function stopped(call: () => unknown): Rejection {
  try {
    call();
  } catch (error) {
    if (error instanceof ImportStop) return error.rejection;
    throw error;
  }
  throw new Error("nothing was refused");
}
