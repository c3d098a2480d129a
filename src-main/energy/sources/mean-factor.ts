/**
 * Decides which factor a stretch of time has: the mean of the signal's values by the time that each
 * covers. A part of the stretch without a value makes it null: a factor is not stretched.
 */

/** A value that holds over a span. */
export interface FactorSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly value: number;
}

/** The mean over [fromMs, toMs); spans may come in any order and must not overlap. */
export function meanFactor(
  spans: readonly FactorSpan[],
  fromMs: number,
  toMs: number,
): number | null {
  let covered = 0;
  let sum = 0;
  for (const { startMs, endMs, value } of spans) {
    const common = Math.min(endMs, toMs) - Math.max(startMs, fromMs);
    if (common <= 0) continue;
    covered += common;
    sum += value * common;
  }
  return covered === 0 || covered < toMs - fromMs ? null : Math.round(sum / covered);
}

/** The value at a moment; null where no span holds it. */
export function factorAt<T extends FactorSpan>(spans: readonly T[], atMs: number): T | null {
  return spans.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs) ?? null;
}

/** One mean for each hour from a moment on; null for an hour that is not foretold whole. */
export function hourlyFactors(
  spans: readonly FactorSpan[],
  fromMs: number,
  hours: number,
): { readonly startMs: number; readonly value: number | null }[] {
  const first = Math.floor(fromMs / 3_600_000) * 3_600_000;
  return Array.from({ length: hours }, (_, index) => {
    const startMs = first + index * 3_600_000;
    // Of the hour that runs, what is left counts.
    const from = Math.max(startMs, fromMs);
    return { startMs, value: meanFactor(spans, from, startMs + 3_600_000) };
  });
}
