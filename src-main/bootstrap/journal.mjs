/**
 * Decides what a person sees of set-up: one line for each step that had to run, with its seconds;
 * nothing for a fresh step. Lines go to standard error, because the standard output belongs to the
 * program that is started. Full output of every step goes to build/setup.log.
 */
import { appendFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { buildFolder, logFile } from "./folders.mjs";

/** Past this the log starts over; one complete set-up writes about a tenth of it. */
const LOG_BYTES_MAX = 2 * 1024 * 1024;

let logStarted = false;

/**
 * Appends to build/setup.log, which several runs may share. A log that cannot be written never
 * stops set-up.
 */
export function log(/** @type {string | Uint8Array} */ text) {
  try {
    if (!logStarted) {
      mkdirSync(buildFolder, { recursive: true });
      const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
      if (size > LOG_BYTES_MAX) rmSync(logFile);
      const now = new Date().toISOString();
      appendFileSync(logFile, `\nset-up ${now} ${process.version} process ${process.pid}\n`);
      logStarted = true;
    }
    appendFileSync(logFile, text);
  } catch {
    // A full or read-only disk shows itself in the step that needs it; there it gets its line.
  }
}

/** One line to the person. */
export function say(/** @type {string} */ line) {
  clearWaiting();
  log(`${line}\n`);
  process.stderr.write(`${line}\n`);
}

const interactive = process.stderr.isTTY === true;
let waiting = false;

/**
 * Runs one step under a progress line. In a terminal the line shows while the step runs, with a
 * running count of seconds, and is replaced when it ends; elsewhere only the last form is printed.
 * @template T
 * @param {string} doing   the step while it runs
 * @param {string} done    the step when it has ended
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(doing, done, work) {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  log(`\n== ${doing}\n`);
  const show = () => {
    process.stderr.write(`\r\x1b[Kset-up: ${doing} … ${seconds()} s`);
    waiting = true;
  };
  const ticking = interactive ? setInterval(show, 500) : undefined;
  try {
    if (interactive) show();
    const result = await work();
    clearInterval(ticking);
    say(`set-up: ${done}, ${seconds()} s`);
    return result;
  } finally {
    clearInterval(ticking);
    clearWaiting();
  }
}

function clearWaiting() {
  if (waiting) process.stderr.write("\r\x1b[K");
  waiting = false;
}
