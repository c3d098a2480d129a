/**
 * Decides how the counting of a source goes on after a restart: the last reading that counted and
 * what is left of a watt hour, as JSON with a version. What cannot be read counts as nothing known,
 * which costs a gap and never energy.
 */

/** The last point that was counted to. */
export interface LastPoint {
  readonly atMs: number;
  /** Wall clock when it was read. */
  readonly nowMs: number;
  readonly register: {
    readonly millijoules: number;
    readonly epoch: string | null;
    readonly changedMs: number;
  } | null;
  readonly watts: number | null;
}

/** Everything that outlives the process. */
export interface SavedIntegration {
  readonly last: LastPoint | null;
  /** Millijoules beyond the last whole watt hour, 0 to 3,599,999. */
  readonly remainder: number;
}

const VERSION = 1;

/** As bytes, below 1 KiB. */
export function writeSavedState(saved: SavedIntegration): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...saved }));
}

/** Back from bytes; nothing known for those of another version or damaged ones. */
export function readSavedState(bytes: Uint8Array | undefined): SavedIntegration {
  const nothing = { last: null, remainder: 0 };
  if (bytes === undefined) return nothing;
  try {
    const read = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (read["version"] !== VERSION || !isCount(read["remainder"])) return nothing;
    const last = read["last"];
    return { last: isPoint(last) ? last : null, remainder: read["remainder"] };
  } catch {
    return nothing;
  }
}

function isPoint(value: unknown): value is LastPoint {
  if (typeof value !== "object" || value === null) return false;
  const { atMs, nowMs, register, watts } = value as Record<string, unknown>;
  if (!isCount(atMs) || !isCount(nowMs)) return false;
  if (watts !== null && !(typeof watts === "number" && watts >= 0)) return false;
  if (register === null) return watts !== null;
  if (typeof register !== "object" || register === undefined) return false;
  const { millijoules, epoch, changedMs } = register as Record<string, unknown>;
  return isCount(millijoules) && isCount(changedMs) && (epoch === null || isText(epoch));
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.length <= 256;
}
