/**
 * A load or a source whose power is known at each moment: constant between steps, so that its
 * energy is exact. Simulated meters answer from it, by a clock that the test moves.
 */

/** From this moment on, until the next step. */
export interface PowerStep {
  readonly fromMs: number;
  readonly watts: number;
}

/** What a simulated meter measures. */
export interface PowerProfile {
  watts(): number;
  /**
   * Since the first step. Whole where watts are whole: one watt is one millijoule a millisecond.
   */
  millijoules(): number;
}

/**
 * A profile of steps, by the test's clock; before the first step nothing flows.
 * @param steps  in ascending order
 */
export function powerProfile(steps: readonly PowerStep[], nowMs: () => number): PowerProfile {
  const at = (): number => steps.findLastIndex(({ fromMs }) => fromMs <= nowMs());
  return {
    watts: () => steps[at()]?.watts ?? 0,
    millijoules() {
      const last = at();
      let sum = 0;
      for (let index = 0; index <= last; index += 1) {
        const { fromMs, watts } = steps[index];
        const endMs = index === last ? nowMs() : steps[index + 1].fromMs;
        sum += watts * (endMs - fromMs);
      }
      return sum;
    },
  };
}

/**
 * A day of sun in steps of five minutes: nothing at night, a half sine between six and eighteen.
 * @param midnightMs  when the day begins
 * @param peakWatts   at noon
 */
export function sunnyDay(midnightMs: number, peakWatts: number): readonly PowerStep[] {
  const stepMs = 300_000;
  return Array.from({ length: 288 }, (_, index) => {
    const daylight = Math.sin(((index - 72) / 144) * Math.PI);
    const watts = index < 72 || index >= 216 ? 0 : Math.round(peakWatts * daylight);
    return { fromMs: midnightMs + index * stepMs, watts };
  });
}
