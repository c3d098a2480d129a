/**
 * Decides how the daemon ends: once, in order, within 5 s. What takes longer is cut short; the
 * store and the worker's checkpoints are made so that a cut costs time and nothing else.
 */

import type { Handlers, StatusFeed } from "../../api/index.ts";
import { Fault, reject } from "../../contract/outcome.ts";
import type { Log } from "../../ports/log.ts";

/** A clean end takes well below a second; the rest is for a disk that is slow to sync. */
export const STOP_WITHIN_MS = 5_000;

/** One part of the daemon that must end. */
export interface StopStep {
  readonly name: string;
  readonly stop: () => Promise<void>;
}

/** Runs what must end, newest first, each even when one before it failed. */
export async function stopInOrder(steps: readonly StopStep[], log: Log): Promise<void> {
  for (const { name, stop } of [...steps].reverse()) {
    try {
      await stop();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error("a part did not end cleanly", { part: name, reason });
    }
  }
}

/** Waits for a promise at most so long; false when the time ran out. */
export function within(promise: Promise<void>, limitMs: number): Promise<boolean> {
  return new Promise((resolve, fail) => {
    const timer = setTimeout(() => resolve(false), limitMs);
    promise.then(
      () => {
        clearTimeout(timer);
        resolve(true);
      },
      (error: unknown) => {
        clearTimeout(timer);
        fail(error as Error);
      },
    );
  });
}

/** Handlers that refuse once the daemon ends: what they would read is being closed. */
export function whileRunning(handlers: Handlers, isEnding: () => boolean): Handlers {
  const guarded = Object.entries(handlers).map(([method, handler]) => {
    const answer = handler as (params: never) => Promise<unknown>;
    const refuse = () => Promise.resolve(reject("PROCESSES_ENDING"));
    return [method, (params: never) => (isEnding() ? refuse() : answer(params))];
  });
  return Object.fromEntries(guarded) as Handlers;
}

/** A status feed with the same end. */
export function feedWhileRunning(feed: StatusFeed, isEnding: () => boolean): StatusFeed {
  const ending = () => new Fault("PROCESSES_ENDING", "the daemon is ending");
  return {
    current: () => (isEnding() ? Promise.reject(ending()) : feed.current()),
    onChange: (listener) => feed.onChange(listener),
  };
}
