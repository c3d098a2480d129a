/**
 * Decides who waits to leave the state: closed jobs, and parts of bonds on their way out. A queue
 * is in order of arrival; an entry is due no earlier than its own time, and later where one before
 * it waits longer because the window was shortened since. Both ends are found by number, so a queue
 * of any length costs one row for each arrival, and jobs never wait for room in the agenda.
 */

import { invariant } from "../../contract/outcome.ts";
import type { StateOverlay } from "./overlay.ts";
import type { LeavingRow } from "./rows.ts";
import { LEAVING, LEAVING_ENDS } from "./tables.ts";

/** Numbers of the queues; permanent. */
export const LEAVING_QUEUES = { job: 0, unbonding: 1 } as const;

/** Name of a queue. */
export type LeavingQueue = keyof typeof LEAVING_QUEUES;

/** Lets a job (its id) or an account (its address and 12 zeros) wait until `due`. */
export function waitToLeave(
  overlay: StateOverlay,
  queue: LeavingQueue,
  id: Uint8Array,
  due: bigint,
): void {
  const { first, next } = endsOf(overlay, queue);
  overlay.write(LEAVING, leavingId(queue, next), { due, id });
  overlay.write(LEAVING_ENDS, endsId(queue), { first, next: next + 1n });
}

/** Who leaves next, due or not; undefined when nobody waits. */
export function nextToLeave(overlay: StateOverlay, queue: LeavingQueue): LeavingRow | undefined {
  const { first, next } = endsOf(overlay, queue);
  if (first === next) return undefined;
  const row = overlay.read(LEAVING, leavingId(queue, first));
  invariant(row !== undefined, "who waits stands in its queue");
  return row;
}

/** Takes out who leaves next. */
export function takeLeaving(overlay: StateOverlay, queue: LeavingQueue): void {
  const { first, next } = endsOf(overlay, queue);
  invariant(first < next, "somebody waits");
  overlay.write(LEAVING, leavingId(queue, first), undefined);
  const ends = first + 1n === next ? undefined : { first: first + 1n, next };
  overlay.write(LEAVING_ENDS, endsId(queue), ends);
}

function endsOf(
  overlay: StateOverlay,
  queue: LeavingQueue,
): { readonly first: bigint; readonly next: bigint } {
  return overlay.read(LEAVING_ENDS, endsId(queue)) ?? { first: 0n, next: 0n };
}

function endsId(queue: LeavingQueue): Uint8Array {
  return Uint8Array.of(LEAVING_QUEUES[queue]);
}

function leavingId(queue: LeavingQueue, number: bigint): Uint8Array {
  const id = new Uint8Array(9);
  id[0] = LEAVING_QUEUES[queue];
  new DataView(id.buffer).setBigUint64(1, number, true);
  return id;
}
