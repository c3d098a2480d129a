/** Decides what a meter takes from whoever opens it: time, and figures that it cannot know. */

import type { Clock } from "../../ports/clock.ts";
import type { EmiDevice } from "./emi-calls.ts";
import type { AppleSampler } from "./ioreport-calls.ts";

/** Brought in from outside. */
export interface MeterNeeds {
  readonly clock: Pick<Clock, "nowMs">;
  /** Milliseconds of one request; REQUEST_MS where absent. */
  readonly requestMs?: number;
  /** `process.platform` of another machine, in tests. */
  readonly platform?: string;
  /**
   * How busy a device (null: the whole processor) is now, 0 to 1; null where nobody knows.
   * Only modelled meters need it.
   */
  readonly utilisation?: (device: string | null) => number | null;
  /** Root of the file tree in place of "/", in tests. */
  readonly root?: string;
  /**
   * Reads the number in a file of the kernel's; another way in tests, where files are never closed.
   */
  readonly numberInFile?: (path: string) => number;
  /** Windows' energy meters; stand-ins in tests. */
  readonly emiDevices?: () => readonly EmiDevice[];
  /** macOS' IOReport; a stand-in in tests. */
  readonly appleSampler?: () => AppleSampler;
  /** Runs powermetrics and gives its text; a stand-in in tests. */
  readonly powermetrics?: () => Promise<string>;
}
