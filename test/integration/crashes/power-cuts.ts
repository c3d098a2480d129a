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
  /** Where syncs were asked for is added here. */
  readonly sites?: Set<string>;
  /** Seeds that failed once; always run. */
  readonly keptSeeds?: readonly number[];
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
  for (const seed of [...(plan.keptSeeds ?? []), ...drawn]) {
    const whole = await runRound(make(), seed, [], plan);
    for (let at = 0; at < whole.length; at += 1) {
      const random = new SeededRandom(1_000 * seed + at);
      const later = Array.from({ length: CUTS - 1 }, () => random.below(whole.length));
      const cuts = [at, ...later, Infinity];
      try {
        // Some rounds tell their sites: those that are reached only after a cut.
        const { sites: _sites, ...rest } = plan;
        await runRound(make(), seed, cuts, at % SITES_EVERY === 0 ? plan : rest);
      } catch (error) {
        const where = `seed ${seed}, cut at step ${at} (${whole[at]})`;
        throw new Error(`${where}: ${String(error)}`, { cause: error });
      }
      steps.add(whole[at]);
      rounds += 1;
    }
  }
  return { rounds, steps: [...steps].sort((left, right) => (left < right ? -1 : 1)) };
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
