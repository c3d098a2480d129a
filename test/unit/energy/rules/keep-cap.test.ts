import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { capWindowMs, keepCap } from "../../../../src-main/energy/rules/index.ts";
import type { CapNow, CapState } from "../../../../src-main/energy/rules/index.ts";
import { CAP_LEAST_SHARE, SILENT_MS } from "../../../../src-main/energy/rules/limits.ts";

/** A device whose watts are what they are at rest, and more with each share of work. */
interface Plant {
  readonly restWatts: number;
  readonly workWatts: number;
  /** Error of each second's watts, of the whole. */
  readonly noise: number;
  readonly readEveryMs: number;
}

const PLANT: Plant = { restWatts: 40, workWatts: 160, noise: 0, readEveryMs: 1_000 };

const NOW: CapNow = {
  capWatts: 120,
  counted: null,
  readEveryMs: 1_000,
  nameplateWatts: null,
  works: true,
  stepMs: null,
  deadlineShare: 0,
};

/** A cap that is kept over a plant, second by second. */
class Kept {
  state: CapState | null = null;
  seconds = 0;
  /** Seconds in a row above the cap, now and at most. */
  over = 0;
  longest = 0;
  plant: Plant;
  #counted = { atMs: 1_700_000_000_000, millijoules: 0 };
  #shown: { readonly atMs: number; readonly millijoules: number } | null = null;
  #random: () => number;
  readonly given: Partial<CapNow>;

  constructor(plant: Partial<Plant>, given: Partial<CapNow> = {}, seed = 1) {
    this.plant = { ...PLANT, ...plant };
    this.given = given;
    let state = seed >>> 0 || 1;
    this.#random = () => (state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) / 2_147_483_647;
  }

  get share(): number {
    return this.state?.share ?? 1;
  }

  get watts(): number {
    return this.plant.restWatts + this.plant.workWatts * this.share;
  }

  run(seconds: number, isSilent = false): this {
    const capWatts = this.given.capWatts ?? NOW.capWatts;
    const { readEveryMs, noise } = this.plant;
    for (let second = 0; second < seconds; second += 1) {
      this.seconds += 1;
      const watts = this.watts * (1 + noise * (2 * this.#random() - 1));
      const { atMs, millijoules } = this.#counted;
      this.#counted = { atMs: atMs + 1_000, millijoules: millijoules + watts * 1_000 };
      const isRead = (this.seconds * 1_000) % readEveryMs === 0;
      if (isRead && !isSilent) this.#shown = this.#counted;
      // A pause of its own is seen by the daemon, which then has nothing at work.
      const works = this.share > 0;
      const now = { ...NOW, readEveryMs, works, counted: this.#shown, ...this.given };
      this.state = keepCap(this.state, now, this.seconds * 1_000);
      this.over = this.watts > capWatts ? this.over + 1 : 0;
      this.longest = Math.max(this.longest, this.over);
    }
    return this;
  }
}

const plants = fc.record({
  restWatts: fc.integer({ min: 0, max: 110 }),
  workWatts: fc.integer({ min: 1, max: 900 }),
  noise: fc.constantFrom(0, 0.01, 0.03),
  readEveryMs: fc.constantFrom(1_000, 2_000, 5_000, 10_000),
});
const RUNS = { numRuns: 150, interruptAfterTimeLimit: 20_000 };

describe("a cap that is kept by rests", () => {
  it("is never exceeded for longer than its window, and nobody waits without need", () => {
    fc.assert(
      fc.property(plants, fc.integer({ min: 1 }), (plant, seed) => {
        const kept = new Kept(plant, {}, seed).run(1_200);
        expect(kept.longest * 1_000).toBeLessThanOrEqual(capWindowMs(plant.readEveryMs, null));
        const least = plant.restWatts + plant.workWatts * CAP_LEAST_SHARE;
        if (least < 0.97 * NOW.capWatts) expect(kept.share).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it("is kept again when the device takes more than before, as soon as at the start", () => {
    fc.assert(
      fc.property(plants, plants, fc.integer({ min: 1 }), (plant, then, seed) => {
        const kept = new Kept(plant, {}, seed).run(600);
        kept.longest = 0;
        kept.over = 0;
        kept.plant = { ...then, readEveryMs: plant.readEveryMs };
        kept.run(900);
        expect(kept.longest * 1_000).toBeLessThanOrEqual(capWindowMs(plant.readEveryMs, null));
      }),
      RUNS,
    );
  });

  it("settles close below the cap, and does not swing", () => {
    fc.assert(
      fc.property(plants, fc.integer({ min: 1 }), (plant, seed) => {
        const { restWatts, workWatts, noise } = plant;
        const isReachable = restWatts + workWatts * CAP_LEAST_SHARE < 0.85 * NOW.capWatts;
        fc.pre(isReachable && restWatts + workWatts > 1.1 * NOW.capWatts);
        const kept = new Kept(plant, {}, seed).run(3_600);
        const watts: number[] = [];
        for (let second = 0; second < 600; second += 1) watts.push(kept.run(1).watts);
        expect(Math.min(...watts)).toBeGreaterThan((0.955 - noise) * NOW.capWatts);
        expect(Math.max(...watts)).toBeLessThanOrEqual((1 + noise) * NOW.capWatts);
        // What its noise moves over an edge is moved back, seldom.
        expect(new Set(watts).size).toBeLessThanOrEqual(noise === 0 ? 1 : 5);
      }),
      RUNS,
    );
  });

  it("gives a card that takes most of its watts at rest what the cap leaves", () => {
    // An H100 that is held open: 131 W at rest, 181 W at work; of 150 W work may have 38 %.
    const kept = new Kept({ restWatts: 131, workWatts: 50 }, { capWatts: 150 });
    expect(kept.run(1_800).share).toBeGreaterThan(0.24);
    expect(kept.watts).toBeLessThanOrEqual(150);
    expect(kept.state?.how).toBe("paced");
  });

  it("gives the whole time where that is below the cap", () => {
    const kept = new Kept({ restWatts: 20, workWatts: 60 }).run(600);
    expect(kept.state).toMatchObject({ share: 1, how: "within" });
  });

  it("has work wait where even the least share is too much, tried again later each time", () => {
    const kept = new Kept({ restWatts: 100, workWatts: 600 }).run(40);
    expect(kept.state).toMatchObject({ share: 0, how: "low" });
    const begun: number[] = [];
    for (let second = 0; second < 2_000; second += 1) {
      const before = kept.share;
      kept.run(1);
      if (before === 0 && kept.share > 0) begun.push(kept.seconds);
    }
    expect(begun.length).toBeGreaterThan(2);
    const waits = begun.slice(1).map((second, index) => second - begun[index]);
    expect([...waits].sort((one, other) => one - other)).toEqual(waits);
    // At rest it is above the cap by itself: then it is not tried at all.
    expect(new Kept({ restWatts: 130 }).run(3_600).state).toMatchObject({ share: 0, how: "low" });
  });

  it("goes by the nameplate where nothing measures, and waits where there is none", () => {
    const silent = new Kept({}, { nameplateWatts: 200 }).run(5, true);
    // (0.9 · 120 − 60) / 140: a third of the nameplate is taken at rest, as far as anybody knows.
    expect(silent.state).toMatchObject({ how: "nameplate", meanWatts: null });
    expect(silent.share).toBeCloseTo(48 / 140, 9);
    expect(new Kept({}, { nameplateWatts: 100 }).run(5, true).share).toBe(1);
    const low = new Kept({}, { nameplateWatts: 900 }).run(5, true);
    expect(low.state).toMatchObject({ share: 0, how: "low" });
    const blind = new Kept({}).run(SILENT_MS / 1_000 - 1, true);
    expect(blind.state?.how).toBe("starting");
    expect(blind.run(3, true).state).toMatchObject({ share: 0, how: "blind" });
    // A meter that answers again is believed again.
    expect(blind.run(600).state?.how).toBe("paced");
  });

  it("waits when a meter falls silent that nothing stands in for", () => {
    const kept = new Kept({}).run(600);
    expect(kept.state?.how).toBe("paced");
    expect(kept.run(SILENT_MS / 1_000 + 2, true).state).toMatchObject({ share: 0, how: "blind" });
  });

  it("gives way to the deadline of the unit in hand, and says so", () => {
    const kept = new Kept({}, { deadlineShare: 0.8 }).run(300);
    expect(kept.state).toMatchObject({ share: 0.8, how: "deadline" });
    const low = new Kept({ restWatts: 130 }, { deadlineShare: 0.3 }).run(300);
    expect(low.state).toMatchObject({ share: 0.3, how: "deadline" });
    expect(new Kept({}, { deadlineShare: 0.1 }).run(600).watts).toBeLessThanOrEqual(120);
  });

  it("takes up another cap at once by what it knows", () => {
    const kept = new Kept({}).run(600);
    const { state } = kept;
    const tighter = keepCap(state, { ...NOW, capWatts: 60, counted: state?.newest ?? null }, 601e3);
    expect(tighter.share).toBeLessThanOrEqual((kept.share * 60) / 115);
  });

  it("looks at whole steps with their rests, however long they take", () => {
    expect(capWindowMs(1_000, null)).toBe(7 * 6_500);
    expect(capWindowMs(5_000, null)).toBe(7 * 10_500);
    expect(capWindowMs(1_000, 4_000)).toBe(7 * 62_000);
  });

  it("learns nothing while nothing works, and begins anew when its clock is set back", () => {
    const kept = new Kept({}, { works: false }).run(900);
    expect(kept.state).toMatchObject({ share: 0.25, meanWatts: null });
    const state = { ...(kept.state as CapState), from: { atMs: 9_000, millijoules: 5_000 } };
    const counted = { atMs: 2_000, millijoules: 6_000 };
    const back = keepCap(state, { ...NOW, counted }, 901_000);
    expect(back).toMatchObject({ from: counted, meanWatts: null });
  });
});
