/**
 * Decides that one worker at a time writes a unit's folder. A daemon that was killed leaves a
 * worker that ends only after its step; the next daemon's worker waits for it here.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { lockFolder } from "../adapters/disk/index.ts";
import { Fault } from "../contract/outcome.ts";

/** The longest step of a model that this program accepts takes seconds, not minutes. */
const HOLD_WAIT_MS_MAX = 60_000;
const HOLD_RETRY_MS = 50;

/**
 * Takes the folder for the life of this process.
 * Throws Fault STORE_LOCKED when another worker keeps it for longer than a minute.
 */
export async function holdUnitFolder(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "lock");
  const deadlineMs = performance.now() + HOLD_WAIT_MS_MAX;
  for (;;) {
    try {
      lockFolder(file);
      return;
    } catch (error) {
      const held = error instanceof Fault && error.code === "STORE_LOCKED";
      if (!held || performance.now() >= deadlineMs) throw error;
    }
    await setTimeout(HOLD_RETRY_MS);
  }
}
