/**
 * Decides how power cuts are tried on a store: its session runs once to name the steps, then again
 * and again with a cut at each, the disk coming back as the seed says, and the next session checks
 * what was acknowledged and goes on; its own cut comes at a step the seed draws.
 */

import { SeededRandom } from "../../worlds/seeded-random.ts";
import { PowerCut, SimulatedDisk } from "./simulated-disk.ts";
import { mount } from "./simulated-files.ts";

/** A store under test, over all sessions of one round. */
export interface CutSubject {
  /**
   * Opens, checks that everything acknowledged is there, and works. What it throws counts as a
   * failure unless the power is gone.
   */
  session(disk: SimulatedDisk, random: SeededRandom): Promise<void>;
}

/** What a planted fault leaves out. */
export interface CutPlan {
  readonly seeds: number;
  readonly skips?: (step: string, site: () => string) => boolean;
  /** Where syncs were asked for is added here, by one round of so many. */
  readonly sites?: Set<string>;
  readonly sitesEvery?: number;
  /** Seeds that failed once; always run. */
  readonly keptSeeds?: readonly number[];
  /** Where a failure was seen before: its seed comes first, and the steps nearest to it. */
  readonly nearest?: CutPlace;
}

/** A round: its seed, and the step of its first session at which power is cut. */
export interface CutPlace {
  readonly seed: number;
  readonly step: number;
}

/** What a round lost, and where its power was cut. */
export class CutFailure extends Error {
  readonly place: CutPlace;

  constructor(place: CutPlace, name: string, cause: unknown) {
    const where = `seed ${place.seed}, cut at step ${place.step} (${name})`;
    super(`${where}: ${String(cause)}`, { cause });
    this.name = "CutFailure";
    this.place = place;
  }
}

/** Cuts in a row in one round, before the one that comes after a whole session. */
const CUTS = 2;

/** Rounds of which one tells where its syncs were asked for. */
const SITES_EVERY = 8;

export interface CutCount {
  readonly rounds: number;
  /** Names of the steps at which power was cut. */
  readonly steps: readonly string[];
}

/** Cuts at every step of the first session, once for each seed. Throws with the seed and step. */
export async function cutEverywhere(make: () => CutSubject, plan: CutPlan): Promise<CutCount> {
  const steps = new Set<string>();
  let rounds = 0;
  const drawn = Array.from({ length: plan.seeds }, (_, index) => index + 1);
  const { nearest, keptSeeds = [], sitesEvery = SITES_EVERY } = plan;
  const first = nearest === undefined ? [] : [nearest.seed];
  for (const seed of new Set([...first, ...keptSeeds, ...drawn])) {
    const whole = await runRound(make(), seed, [], plan);
    for (const at of stepsFrom(whole.length, seed === nearest?.seed ? nearest.step : 0)) {
      const random = new SeededRandom(1_000 * seed + at);
      const later = Array.from({ length: CUTS - 1 }, () => random.below(whole.length));
      const cuts = [at, ...later, Infinity];
      try {
        // Some rounds tell their sites: those that are reached only after a cut.
        const { sites: _sites, ...rest } = plan;
        await runRound(make(), seed, cuts, at % sitesEvery === 0 ? plan : rest);
      } catch (error) {
        throw new CutFailure({ seed, step: at }, whole[at], error);
      }
      steps.add(whole[at]);
      rounds += 1;
    }
  }
  return { rounds, steps: [...steps].sort((left, right) => (left < right ? -1 : 1)) };
}

/** All steps, those nearest to one first. */
function stepsFrom(count: number, first: number): number[] {
  const steps = Array.from({ length: count }, (_, step) => step);
  return steps.sort((left, right) => Math.abs(left - first) - Math.abs(right - first));
}

/** One round; answers the steps of its first session. */
async function runRound(
  subject: CutSubject,
  seed: number,
  cuts: readonly number[],
  { skips, sites }: CutPlan,
): Promise<string[]> {
  let disk = mount(new SimulatedDisk());
  let first: string[] | undefined;
  // The last session looks at what the one before it was told, in whole.
  for (const [session, cutAt] of [...cuts, Infinity].entries()) {
    disk.skips = skips;
    disk.sites = sites;
    disk.cutAt = cutAt;
    try {
      await subject.session(disk, new SeededRandom(31 * seed + session));
    } catch (error) {
      if (!disk.dead) throw error;
    }
    first ??= disk.steps;
    // A cut that was not reached comes after the session's end.
    const isKill = session === 0 && killsFirst(seed, cuts);
    disk = mount(isKill ? disk.afterKill(seed) : disk.afterCut(77 * seed + session));
  }
  return first ?? [];
}

/** In half of the rounds the process is killed before the power goes. */
function killsFirst(seed: number, [first = 0]: readonly number[]): boolean {
  return cutsDrawn(seed, first).once(2);
}

const cutsDrawn = (seed: number, at: number) => new SeededRandom(5_000 * seed + at);

/** Whether an error comes from the missing power. */
export function isPowerCut(error: unknown): boolean {
  return error instanceof PowerCut || (error as { cause?: unknown }).cause instanceof PowerCut;
}
