/** Decides in which word the tray and the menu say what this machine does. */

/** What the miner says of itself, and the two states in which no daemon says anything. */
export const WORK_STATES = [
  "starting",
  "stopped",
  "idle",
  "working",
  "paused",
  "finishing",
  "failed",
] as const;

/** One of them. */
export type WorkState = (typeof WORK_STATES)[number];

const WORDS: Readonly<Record<WorkState, string>> = {
  starting: "Starting",
  stopped: "Not running",
  idle: "Waiting for work",
  working: "Working",
  paused: "Paused",
  finishing: "Finishing, then pausing",
  failed: "Stopped by a fault",
};

/** The word for a state. */
export function workWord(state: WorkState): string {
  return WORDS[state];
}

/** The state that a status, or a change of one, names; null where it names none that is known. */
export function workStateIn(status: Partial<Record<string, unknown>>): WorkState | null {
  const mine = status["mine"];
  if (typeof mine !== "object" || mine === null || !("state" in mine)) return null;
  return WORK_STATES.find((state) => state === mine.state) ?? null;
}

/** True while a daemon answers. */
export function isRunning(state: WorkState): boolean {
  return state !== "stopped" && state !== "starting";
}
