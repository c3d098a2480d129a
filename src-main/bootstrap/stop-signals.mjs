/**
 * Decides what counts as a request to stop: a signal, or the end of the npm that started us. npm's
 * shell does not pass signals on, so `kill` on `npm start` would otherwise leave our program
 * behind.
 */

/**
 * Two signals of one kind within this time are one stop that came by two ways (npm and a shell).
 */
const SAME_STOP_MS = 500;

/** How soon the end of the parent is noticed; well inside the 5 s that a stop may take. */
const PARENT_LOOK_MS = 250;

/** @typedef {"SIGINT" | "SIGTERM" | "SIGHUP"} StopSignal */

/** @type {StopSignal[]} */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Calls `stop` at each request until `end` is called.
 * @param {(signal: StopSignal) => void} stop
 */
export function watchStopSignals(stop) {
  /** @type {Map<StopSignal, number>} */
  const last = new Map();
  const once = (/** @type {StopSignal} */ signal) => {
    const now = performance.now();
    if (now - (last.get(signal) ?? -Infinity) < SAME_STOP_MS) return;
    last.set(signal, now);
    stop(signal);
  };
  const watching = watchParent(() => once("SIGTERM"));
  for (const signal of SIGNALS) process.on(signal, once);
  return {
    end: () => {
      clearInterval(watching);
      for (const signal of SIGNALS) process.off(signal, once);
    },
  };
}

/** @param {() => void} gone */
function watchParent(gone) {
  if (process.env["npm_lifecycle_event"] === undefined) return undefined;
  const parent = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watching);
    gone();
  }, PARENT_LOOK_MS);
  watching.unref();
  return watching;
}
