import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { SourceIntegration } from "../../../../src-main/energy/integrate/index.ts";
import type { TakenReading } from "../../../../src-main/energy/integrate/index.ts";
import { mergedRow } from "../../../../src-main/energy/integrate/open-rows.ts";
import { ENERGY_ROW_MS } from "../../../../src-main/ports/energy-store.ts";
import type { EnergyRow } from "../../../../src-main/ports/energy-store.ts";

/** 2026-11-22 00:00:00 UTC. */
const DAY = 1_795_305_600_000;

const settings = { source: "plug", readEveryMs: 5_000, mostWatts: 2_000, modelled: false };

interface Spot {
  readonly atMs: number;
  readonly millijoules?: number;
  readonly watts?: number;
  readonly epoch?: string | null;
  readonly wraps?: number | null;
  /** Wall clock less running clock. */
  readonly shiftMs?: number;
}

function taken(spot: Spot): TakenReading {
  const { atMs, millijoules, watts, epoch, wraps, shiftMs } = spot;
  const register =
    millijoules === undefined
      ? null
      : { millijoules, wrapsAtMillijoules: wraps ?? null, epoch: epoch ?? null };
  return {
    reading: { atMs, register, watts: watts ?? null, signature: null },
    nowMs: atMs,
    runningMs: atMs - DAY - (shiftMs ?? 0),
    clock: "synchronised",
  };
}

/** All rows of these readings, written whenever one is due, as a store would add them up. */
function rowsOf(spots: readonly Spot[], start = new SourceIntegration(settings)): EnergyRow[] {
  const rows = new Map<number, EnergyRow>();
  const keep = (written: readonly EnergyRow[]) => {
    for (const row of written) {
      const there = rows.get(row.startMs);
      rows.set(row.startMs, there === undefined ? row : mergedRow(there, row));
    }
  };
  for (const spot of spots) {
    start.take(taken(spot));
    if (start.isDue()) keep(start.write().rows);
  }
  keep(start.write().rows);
  return [...rows.values()].sort((one, other) => one.startMs - other.startMs);
}

const sum = (rows: readonly EnergyRow[]) => rows.reduce((all, row) => all + row.millijoules, 0);
const count = (rows: readonly EnergyRow[], name: "resets" | "wraps" | "refused" | "clockJumps") =>
  rows.reduce((all, row) => all + row[name], 0);

/** Distances of readings and watts between them, as a register would show them. */
const walk = fc.array(
  fc.record({ afterMs: fc.integer({ min: 1, max: 7_200_000 }), watts: fc.nat({ max: 1_999 }) }),
  { minLength: 1, maxLength: 60 },
);

function registerWalk(steps: readonly { afterMs: number; watts: number }[], from = 0): Spot[] {
  const spots = [{ atMs: DAY + 1_234, millijoules: from }];
  for (const { afterMs, watts } of steps) {
    const { atMs, millijoules } = spots[spots.length - 1];
    const used = watts * afterMs;
    spots.push({ atMs: atMs + afterMs, millijoules: millijoules + used });
  }
  return spots;
}

describe("energy is kept", () => {
  it("gives rows whose sum is the register's difference, whatever the reading times", () => {
    fc.assert(
      fc.property(walk, fc.integer({ min: 0, max: 1e12 }), (steps, from) => {
        const spots = registerWalk(steps, from);
        const rows = rowsOf(spots);
        const used = spots[spots.length - 1].millijoules ?? 0;
        expect(sum(rows)).toBe(used - from);
        const whole = rows.reduce((all, row) => all + row.wattHours, 0);
        expect(whole).toBe(Math.floor((used - from) / 3_600_000));
      }),
    );
  });

  it("gives the same rows when the process ends after any reading and goes on", () => {
    fc.assert(
      fc.property(walk, fc.nat(), (steps, at) => {
        const spots = registerWalk(steps);
        const cut = 1 + (at % spots.length);
        const first = new SourceIntegration(settings);
        const before = rowsOf(spots.slice(0, cut), first);
        const second = new SourceIntegration(settings, first.write().state);
        const after = rowsOf(spots.slice(cut), second);
        expect(sum(before) + sum(after)).toBe(sum(rowsOf(spots)));
      }),
    );
  });

  it("counts a crash between two writes by the register alone", () => {
    const spots = [0, 5, 10, 15, 20].map((s) => ({ atMs: DAY + s * 1_000, millijoules: s * 1e6 }));
    const first = new SourceIntegration(settings);
    rowsOf(spots.slice(0, 2), first);
    const { state } = first.write();
    // What came after the state was written is lost with the process, and read again afterwards.
    rowsOf(spots.slice(2, 4), first);
    const rows = rowsOf([{ atMs: DAY + 120_000, millijoules: 120e6 }], restarted(state));
    expect(sum(rows)).toBe(115e6);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ measuredMs: 115_000, quality: "measured" });
  });

  it("does not care about readings that come twice or late", () => {
    fc.assert(
      fc.property(walk, fc.array(fc.nat(), { maxLength: 20 }), (steps, repeats) => {
        const spots = registerWalk(steps);
        const disturbed = [...spots];
        for (const at of repeats) {
          const index = at % disturbed.length;
          const old = disturbed[Math.floor(index / 2)];
          const { atMs } = disturbed[index];
          // The meter answers an old reading at a later moment.
          disturbed.splice(index + 1, 0, { ...old, shiftMs: 0, atMs: Math.min(old.atMs, atMs) });
        }
        const integration = new SourceIntegration(settings);
        let now = 0;
        const rows: EnergyRow[] = [];
        for (const spot of disturbed) {
          now = Math.max(now, spot.atMs);
          integration.take({ ...taken(spot), nowMs: now, runningMs: now - DAY });
          if (integration.isDue()) rows.push(...integration.write().rows);
        }
        rows.push(...integration.write().rows);
        expect(sum(rows)).toBe(sum(rowsOf(spots)));
        expect(count(rows, "resets") + count(rows, "clockJumps")).toBe(0);
      }),
    );
  });

  it("never covers more than a row, nor less than nothing", () => {
    fc.assert(
      fc.property(walk, fc.array(fc.integer({ min: -1e7, max: 1e7 })), (steps, jumps) => {
        const spots = registerWalk(steps);
        let shift = 0;
        const moved = spots.map((spot, index) => {
          shift += jumps[index] ?? 0;
          return { ...spot, atMs: spot.atMs + shift, shiftMs: shift };
        });
        for (const row of rowsOf(moved)) {
          expect(row.measuredMs).toBeGreaterThanOrEqual(0);
          expect(row.measuredMs).toBeLessThanOrEqual(ENERGY_ROW_MS);
          expect(row.millijoules).toBeGreaterThanOrEqual(0);
          expect(row.startMs % ENERGY_ROW_MS).toBe(0);
        }
      }),
    );
  });
});

describe("registers that begin anew", () => {
  it("never give more than what was used, whatever was reset or wrapped when", () => {
    const size = 4_294_967_295;
    const step = fc.record({
      afterMs: fc.integer({ min: 1, max: 40_000 }),
      watts: fc.nat({ max: 1_999 }),
      reset: fc.boolean(),
      known: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        let [atMs, register, epoch, used] = [DAY, 4_290_000_000, 0, 0];
        const spots: Spot[] = [{ atMs, millijoules: register, wraps: size, epoch: "0" }];
        for (const { afterMs, watts, reset, known } of steps) {
          if (reset) [register, epoch] = [0, epoch + 1];
          atMs += afterMs;
          used += watts * afterMs;
          register = (register + watts * afterMs) % size;
          // Where nobody says that it began anew, it may be taken for a wrap, but only within
          // what the source could have used in that time.
          spots.push({ atMs, millijoules: register, wraps: size, epoch: known ? `${epoch}` : "0" });
        }
        const rows = rowsOf(spots);
        const most = (atMs - DAY) * settings.mostWatts + 36_000_000;
        expect(sum(rows)).toBeLessThanOrEqual(most);
        if (steps.every(({ reset }) => !reset)) expect(sum(rows)).toBe(used);
        if (steps.every(({ known }) => known)) expect(sum(rows)).toBeLessThanOrEqual(used);
      }),
    );
  });

  it("count a wrap whole and a reset not at all", () => {
    const wrap = [
      { atMs: DAY, millijoules: 4_294_000_000, wraps: 4_294_967_295, epoch: "boot" },
      { atMs: DAY + 5_000, millijoules: 32_705, wraps: 4_294_967_295, epoch: "boot" },
    ];
    expect(sum(rowsOf(wrap))).toBe(1_000_000);
    expect(count(rowsOf(wrap), "wraps")).toBe(1);
    const reset = wrap.map((spot) => ({ ...spot, wraps: null }));
    expect(sum(rowsOf(reset))).toBe(0);
    expect(rowsOf(reset)[0]).toMatchObject({ resets: 1, measuredMs: 0 });
  });

  it("count from zero where the epoch says when it began", () => {
    const rows = rowsOf([
      { atMs: DAY, millijoules: 9e9, epoch: "driver@1795305500000" },
      { atMs: DAY + 8_000, millijoules: 3e6, epoch: `driver@${DAY + 5_000}` },
    ]);
    expect(sum(rows)).toBe(3e6);
    expect(rows[0]).toMatchObject({ resets: 1, measuredMs: 3_000 });
  });

  it("do not take a leap beyond the nameplate, and go on from where they were", () => {
    const at = (s: number, millijoules: number) => ({ atMs: DAY + s * 1_000, millijoules });
    const glitch = rowsOf([at(0, 5e9), at(5, 5.005e9), at(10, 90e9), at(15, 5.015e9)]);
    expect(sum(glitch)).toBe(15e6);
    expect(count(glitch, "refused")).toBe(1);
    const zero = rowsOf([at(0, 5e9), at(5, 0), at(10, 5.01e9), at(15, 5.015e9)]);
    expect(sum(zero)).toBe(0);
    expect(count(zero, "resets")).toBe(1);
  });

  it("believe a register that stays where it leapt to, and count nothing for the leap", () => {
    const at = (s: number, millijoules: number) => ({ atMs: DAY + s * 1_000, millijoules });
    const rows = rowsOf([at(0, 0), at(5, 9e12), at(10, 9e12), at(15, 9e12), at(20, 9e12 + 7e6)]);
    expect(sum(rows)).toBe(7e6);
  });

  it("may be coarse and slow: an hour's step in one reading is counted", () => {
    const spots = Array.from({ length: 721 }, (_, index) => ({
      atMs: DAY + index * 5_000,
      millijoules: index === 720 ? 3_600_000_000 : 0,
    }));
    const all = rowsOf(spots);
    expect(sum(all)).toBe(3_600_000_000);
    // The last reading begins a row of its own.
    const rows = all.slice(0, 12);
    // What five seconds cannot have used was used while the register stood still.
    expect(rows.map(({ millijoules }) => millijoules)).toEqual(Array(12).fill(300_000_000));
    expect(rows.map(({ quality }) => quality)).toEqual(Array(12).fill("gap-filled"));
    expect(rows.map(({ measuredMs }) => measuredMs).slice(0, 11)).toEqual(Array(11).fill(300_000));
    expect(rows[11].measuredMs).toBe(295_000);
  });
});

describe("gaps", () => {
  it("spread a register's energy and say that it was filled", () => {
    const rows = rowsOf([
      { atMs: DAY + 60_000, millijoules: 0 },
      { atMs: DAY + 960_000, millijoules: 900_000_001 },
    ]);
    expect(rows.map(({ millijoules }) => millijoules)).toEqual([
      240_000_000, 300_000_000, 300_000_000, 60_000_001,
    ]);
    expect(rows.map(({ quality }) => quality)).toEqual(Array(4).fill("gap-filled"));
    expect(rows.map(({ measuredMs }) => measuredMs)).toEqual([0, 0, 0, 0]);
  });

  it("of sampled watts are no energy and no zero either", () => {
    const near = [0, 5, 10].map((s) => ({ atMs: DAY + s * 1_000, watts: 100 }));
    const far = [100, 105].map((s) => ({ atMs: DAY + s * 1_000, watts: 100 }));
    const [row] = rowsOf([...near, ...far]);
    expect(row.millijoules).toBe(1_500_000);
    expect(row.measuredMs).toBe(15_000);
  });

  it("longer than a quarter of a year are not spread at all", () => {
    const later = DAY + 93 * 86_400_000;
    const rows = rowsOf([
      { atMs: DAY, millijoules: 0 },
      { atMs: later, millijoules: 5e9 },
    ]);
    expect(sum(rows)).toBe(0);
    expect(rows.length).toBeLessThan(3);
  });
});

describe("sampled watts", () => {
  it("are integrated by trapezoids across the border of a row", () => {
    const rows = rowsOf([
      { atMs: DAY + 296_000, watts: 0 },
      { atMs: DAY + 304_000, watts: 80 },
    ]);
    // A triangle: a quarter of it before the border.
    expect(rows.map(({ millijoules }) => millijoules)).toEqual([80_000, 240_000]);
    expect(rows.map(({ measuredMs }) => measuredMs)).toEqual([4_000, 4_000]);
  });

  it("lose nothing by rounding: a day of odd values is the exact integral within 1 mJ", () => {
    const watts = fc.array(fc.double({ min: 0, max: 1_999, noNaN: true }), { minLength: 2 });
    fc.assert(
      fc.property(watts, fc.integer({ min: 1, max: 9_999 }), (values, stepMs) => {
        const spots = values.map((value, index) => ({ atMs: DAY + index * stepMs, watts: value }));
        let exact = 0;
        for (let i = 1; i < values.length; i += 1) {
          exact += ((values[i - 1] + values[i]) / 2) * stepMs;
        }
        expect(Math.abs(sum(rowsOf(spots)) - exact)).toBeLessThan(1 + 1e-9 * exact);
      }),
    );
  });

  it("below zero count as none, and impossible ones are left out", () => {
    const at = (s: number, watts: number) => ({ atMs: DAY + s * 1_000, watts });
    expect(sum(rowsOf([at(0, -4), at(5, -4)]))).toBe(0);
    const rows = rowsOf([at(0, 100), at(3, 1e9), at(6, 100)]);
    expect(sum(rows)).toBe(600_000);
    expect(count(rows, "refused")).toBe(1);
    // Nothing is known before the first reading, so that it cannot be refused; it counts nothing.
    expect(sum(rowsOf([at(0, 1e9), at(3, 100), at(6, 100)]))).toBe(300_000);
    const stays = [at(0, 100), at(3, 1e9), at(6, 1e9), at(9, 1e9), at(12, 100), at(15, 100)];
    expect(sum(rowsOf(stays))).toBe(300_000);
  });

  it("that are no number are refused", () => {
    const integration = new SourceIntegration(settings);
    expect(integration.take(taken({ atMs: DAY, watts: Number.NaN }))).toBe("refused");
    expect(integration.take(taken({ atMs: DAY, millijoules: 0.5 }))).toBe("refused");
    expect(integration.take(taken({ atMs: DAY, millijoules: -1 }))).toBe("refused");
  });
});

describe("the wall clock", () => {
  it("that is moved ends the stretch; a register's energy goes where the clock stands", () => {
    const hour = 3_600_000;
    const rows = rowsOf([
      { atMs: DAY, millijoules: 0 },
      { atMs: DAY + 5_000, millijoules: 500_000 },
      { atMs: DAY + hour + 10_000, millijoules: 1_000_000, shiftMs: hour },
      { atMs: DAY + hour + 15_000, millijoules: 1_500_000, shiftMs: hour },
    ]);
    expect(rows.map(({ startMs }) => startMs)).toEqual([DAY, DAY + hour]);
    expect(rows.map(({ millijoules }) => millijoules)).toEqual([500_000, 1_000_000]);
    expect(rows[1]).toMatchObject({ clockJumps: 1, measuredMs: 5_000, quality: "gap-filled" });
  });

  it("that is moved back gives no time twice and loses no register's energy", () => {
    const rows = rowsOf([
      { atMs: DAY + 600_000, millijoules: 0 },
      { atMs: DAY + 605_000, millijoules: 500_000 },
      { atMs: DAY + 10_000, millijoules: 1_000_000, shiftMs: -600_000 },
    ]);
    expect(sum(rows)).toBe(1_000_000);
    expect(count(rows, "clockJumps")).toBe(1);
  });

  it("that drifts by less than 2 s is no jump", () => {
    const rows = rowsOf([
      { atMs: DAY, watts: 100 },
      { atMs: DAY + 6_900, watts: 100, shiftMs: 1_900 },
    ]);
    expect(count(rows, "clockJumps")).toBe(0);
    expect(sum(rows)).toBe(690_000);
  });
});

describe("a closed day", () => {
  it("takes nothing more; what belongs there goes into the first open row", () => {
    const integration = new SourceIntegration(settings);
    integration.openFrom(DAY + 86_400_000);
    const spots = [
      { atMs: DAY + 86_300_000, millijoules: 0 },
      { atMs: DAY + 86_500_000, millijoules: 200_000_000 },
    ];
    const rows = rowsOf(spots, integration);
    expect(rows.map(({ startMs }) => startMs)).toEqual([DAY + 86_400_000]);
    expect(sum(rows)).toBe(200_000_000);
  });
});

function restarted(state: Uint8Array): SourceIntegration {
  return new SourceIntegration(settings, state);
}
