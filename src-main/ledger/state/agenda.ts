/**
 * Decides what is due when. Every job and unit has at most one entry, derived from its row, so
 * writing the row moves the entry and nothing ever scans (ARCHITECTURE.md section 14, "Effects").
 */

import { compareBytes } from "../../contract/bytes.ts";
import { invariant } from "../../contract/outcome.ts";
import { AGENDA_ENTRIES_MAX } from "../limits.ts";
import type { StateOverlay } from "./overlay.ts";
import type { AgendaEntry, AgendaRow, JobRow, UnitRow } from "./rows.ts";
import { AGENDA, AGENDA_BY_TIME, AGENDA_BY_VIEW, JOBS, UNITS } from "./tables.ts";

/** Where an entry waits: in the queue of views or of commit times. */
interface Waiting {
  readonly queue: Uint8Array;
  readonly due: bigint;
}

/** Entries are due when the commit's view or time reaches `due`. */
function waitingOfJob(job: JobRow): Waiting | undefined {
  if (job.status === "created") return { queue: AGENDA_BY_VIEW, due: job.createdView + 1n };
  if (job.status === "started" && job.retryTime > 0n) {
    return { queue: AGENDA_BY_TIME, due: job.retryTime };
  }
  return undefined;
}

function waitingOfUnit(unit: UnitRow): Waiting | undefined {
  switch (unit.phase) {
    case "revealed":
      return { queue: AGENDA_BY_VIEW, due: unit.challengeView };
    case "accepted":
      // Paid at the end of the commit that accepted it.
      return { queue: AGENDA_BY_VIEW, due: 0n };
    case "paid":
    case "void":
      return undefined;
    default:
      // A message in the deadline's own millisecond is in time; what it misses comes after.
      return { queue: AGENDA_BY_TIME, due: unit.deadline + 1n };
  }
}

/** Writes a job's row and moves its entry. */
export function writeJob(overlay: StateOverlay, id: Uint8Array, job: JobRow): void {
  const before = overlay.read(JOBS, id);
  if (before !== undefined) remove(overlay, waitingOfJob(before), "job", id);
  add(overlay, waitingOfJob(job), "job", id);
  overlay.write(JOBS, id, job);
}

/** Writes a unit's row and moves its entry. */
export function writeUnit(overlay: StateOverlay, id: Uint8Array, unit: UnitRow): void {
  const before = overlay.read(UNITS, id);
  if (before !== undefined) remove(overlay, waitingOfUnit(before), "unit", id);
  add(overlay, waitingOfUnit(unit), "unit", id);
  overlay.write(UNITS, id, unit);
}

/** Whether one more job finds room; each holds one entry until it is closed. */
export function agendaHasRoom(overlay: StateOverlay): boolean {
  const views = agendaQueue(overlay, AGENDA_BY_VIEW).length;
  return views + agendaQueue(overlay, AGENDA_BY_TIME).length < AGENDA_ENTRIES_MAX;
}

/** The entries of a queue, ascending. */
export function agendaQueue(overlay: StateOverlay, queue: Uint8Array): AgendaRow {
  return overlay.read(AGENDA, queue) ?? [];
}

/** The first entry that is due, views before times; undefined when nothing is. */
export function firstDue(
  overlay: StateOverlay,
  view: bigint,
  time: bigint,
): AgendaEntry | undefined {
  const byView = agendaQueue(overlay, AGENDA_BY_VIEW)[0];
  if (byView !== undefined && byView.due <= view) return byView;
  const byTime = agendaQueue(overlay, AGENDA_BY_TIME)[0];
  return byTime !== undefined && byTime.due <= time ? byTime : undefined;
}

function compareEntries(left: AgendaEntry, right: AgendaEntry): number {
  if (left.due !== right.due) return left.due < right.due ? -1 : 1;
  if (left.kind !== right.kind) return left.kind === "job" ? -1 : 1;
  return compareBytes(left.id, right.id);
}

/** Where an entry stands or would stand. */
function positionOf(row: AgendaRow, entry: AgendaEntry): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (compareEntries(row[middle], entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function add(
  overlay: StateOverlay,
  waiting: Waiting | undefined,
  kind: AgendaEntry["kind"],
  id: Uint8Array,
): void {
  if (waiting === undefined) return;
  const row = agendaQueue(overlay, waiting.queue);
  const entry = { due: waiting.due, kind, id };
  overlay.write(AGENDA, waiting.queue, row.toSpliced(positionOf(row, entry), 0, entry));
}

function remove(
  overlay: StateOverlay,
  waiting: Waiting | undefined,
  kind: AgendaEntry["kind"],
  id: Uint8Array,
): void {
  if (waiting === undefined) return;
  const row = agendaQueue(overlay, waiting.queue);
  const entry = { due: waiting.due, kind, id };
  const position = positionOf(row, entry);
  const found = position < row.length && compareEntries(row[position], entry) === 0;
  invariant(found, "what waits stands in the agenda");
  overlay.write(AGENDA, waiting.queue, row.toSpliced(position, 1));
}
