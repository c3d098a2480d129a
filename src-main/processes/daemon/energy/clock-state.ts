/**
 * Decides whether the wall clock is known to be right: by what systemd's time service notes, else
 * by asking timedatectl now and then. Where nobody says so it is not.
 */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { platform } from "node:os";

import type { ClockState } from "../../../ports/energy-store.ts";

const NOTE = "/run/systemd/timesync/synchronized";
const ASK_EVERY_MS = 1_800_000;
const ANSWER_WITHIN_MS = 2_000;

/** The state as it was last learnt; asking never blocks. */
export class ClockWatch {
  #state: ClockState = "unsynchronised";
  #askedMs: number | null = null;

  /** @param runningMs  a clock that only runs */
  state(runningMs: number): ClockState {
    if (this.#askedMs === null || runningMs - this.#askedMs >= ASK_EVERY_MS) {
      this.#askedMs = runningMs;
      this.#ask();
    }
    return this.#state;
  }

  #ask(): void {
    if (platform() !== "linux") return;
    if (existsSync(NOTE)) {
      this.#state = "synchronised";
      return;
    }
    const options = { timeout: ANSWER_WITHIN_MS };
    execFile("timedatectl", ["show", "-p", "NTPSynchronized", "--value"], options, (error, out) => {
      this.#state = error === null && out.trim() === "yes" ? "synchronised" : "unsynchronised";
    });
  }
}
