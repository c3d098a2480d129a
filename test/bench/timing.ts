/**
 * Decides how time is taken on a machine that others use too: contestants take turns, each by the
 * same clock, and the median of the rounds counts.
 */

/** Runs something and answers how many seconds one unit of it took. */
export type Contestant = () => number | Promise<number>;

/** The middle of the values; of an even number, the lower one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/**
 * Lets contestants take turns.
 * @returns the median of each, in their order
 */
export async function takeTurns(
  rounds: number,
  contestants: readonly Contestant[],
): Promise<readonly number[]> {
  const seconds: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      seconds[index].push(await contestant());
    }
  }
  return seconds.map(median);
}

/** Seconds that one of `count` runs took. */
export async function secondsEach(count: number, run: (index: number) => unknown): Promise<number> {
  const began = performance.now();
  for (let index = 0; index < count; index += 1) await run(index);
  return (performance.now() - began) / 1000 / count;
}

/** The same of this process's processor time, which others who load the machine do not lengthen. */
export async function processorSecondsEach(
  count: number,
  run: (index: number) => unknown,
): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) await run(index);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / count;
}

/** Median seconds of one run, alone; the first is not counted. */
export async function medianSeconds(
  rounds: number,
  run: (index: number) => unknown,
): Promise<number> {
  await run(0);
  const [seconds] = await takeTurns(rounds, [() => secondsEach(1, run)]);
  return seconds;
}
