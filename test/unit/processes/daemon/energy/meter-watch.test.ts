import { describe, expect, it } from "vitest";

import { Fault } from "../../../../../src-main/contract/outcome.ts";
import type { Clock } from "../../../../../src-main/ports/clock.ts";
import type { Meter, MeterReading } from "../../../../../src-main/ports/meter.ts";
import { MeterWatch } from "../../../../../src-main/processes/daemon/energy/meter-watch.ts";
import type { MeterFailure } from "../../../../../src-main/processes/daemon/energy/meter-watch.ts";

/** A clock that goes on when it is told; what is due runs in order. */
class HandClock implements Clock {
  #now = 1_000_000;
  #due: { readonly at: number; readonly action: () => void }[] = [];

  nowMs(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const one = { at: this.#now + delayMs, action };
    this.#due.push(one);
    return () => {
      this.#due = this.#due.filter((other) => other !== one);
    };
  }

  async go(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const [next] = [...this.#due].sort((one, other) => one.at - other.at);
      if (next === undefined || next.at > until) break;
      this.#now = next.at;
      this.#due = this.#due.filter((one) => one !== next);
      next.action();
    }
    this.#now = until;
    await settled();
  }
}

/** Lets promises that are kept run on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

const reading: MeterReading = { atMs: 1, register: null, watts: 5, signature: null };

const PLACE = { role: "load", boundary: "wall", device: null } as const;

function meterOf(read: () => Promise<MeterReading>): Meter {
  const identity = { id: "plug", ...PLACE } as Meter["identity"];
  return { identity, readEveryMs: 5_000, read, close: () => Promise.resolve() };
}

function watched(open: () => Promise<Meter>) {
  const clock = new HandClock();
  const heard = { readings: 0, opened: 0, failures: [] as (MeterFailure & { isNew: boolean })[] };
  const watch = new MeterWatch(
    { id: "plug", configured: true, place: PLACE, open },
    {
      clock,
      onOpen: () => (heard.opened += 1),
      onReading: () => (heard.readings += 1),
      onFailure: (_id, failure, isNew) => heard.failures.push({ ...failure, isNew }),
    },
  );
  return { clock, heard, watch };
}

describe("a meter", () => {
  it("is opened once and asked on its own schedule, until it is stopped", async () => {
    const { clock, heard, watch } = watched(() =>
      Promise.resolve(meterOf(() => Promise.resolve(reading))),
    );
    watch.start();
    await clock.go(60_000);
    expect(heard).toMatchObject({ opened: 1, readings: 13, failures: [] });
    await watch.stop();
    await clock.go(60_000);
    expect(heard.readings).toBe(13);
  });

  it("that fails is asked later and later, and told once", async () => {
    let isBroken = true;
    const read = () => {
      if (!isBroken) return Promise.resolve(reading);
      return Promise.reject(new Fault("METERS_UNREACHABLE", "no route", { meter: "plug" }));
    };
    const { clock, heard, watch } = watched(() => Promise.resolve(meterOf(read)));
    watch.start();
    await clock.go(3_600_000);
    // 5, 10, 20, 40, 80, 160 s, then every five minutes.
    expect(heard.failures).toHaveLength(17);
    expect(heard.failures.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(watch.failure?.code).toBe("METERS_UNREACHABLE");
    isBroken = false;
    await clock.go(300_000);
    expect(heard.readings).toBeGreaterThan(0);
    expect([watch.failure, watch.retryMs]).toEqual([null, null]);
    await watch.stop();
  });

  it("that has no value now is asked soon again: a sleeping card may wake", async () => {
    let sleeps = true;
    const { clock, heard, watch } = watched(() =>
      Promise.resolve(
        meterOf(() => {
          if (!sleeps) return Promise.resolve(reading);
          return Promise.reject(new Fault("METERS_NO_VALUE", "the card sleeps", {}));
        }),
      ),
    );
    watch.start();
    await clock.go(3_600_000);
    expect(heard.failures.filter(({ isNew }) => isNew)).toHaveLength(1);
    sleeps = false;
    await clock.go(5_000);
    expect(heard.readings).toBeGreaterThan(0);
    await watch.stop();
  });

  it("that cannot be opened is tried again; what is no fault has a code too", async () => {
    let tries = 0;
    const { clock, heard, watch } = watched(() => {
      tries += 1;
      return tries < 3 ? Promise.reject(new Error("odd")) : Promise.resolve(meterOf(never));
    });
    // What is about to be opened counts its place; what cannot be opened counts nothing.
    expect(watch.place).toEqual(PLACE);
    watch.start();
    await clock.go(12_000);
    expect(watch.place).toBeNull();
    expect(heard.failures[0]).toMatchObject({ code: "METERS_COUNTER", facts: { why: "odd" } });
    expect(tries).toBe(2);
    await clock.go(5_000);
    expect(heard.opened).toBe(1);
    expect(watch.place).toMatchObject(PLACE);
  });

  it("that hangs is left after 15 s and asked again", async () => {
    const { clock, heard, watch } = watched(() => Promise.resolve(meterOf(never)));
    watch.start();
    await clock.go(14_999);
    expect(heard.failures).toEqual([]);
    await clock.go(1);
    expect(heard.failures[0].code).toBe("METERS_TIMEOUT");
    await clock.go(20_001);
    expect(heard.failures).toHaveLength(2);
  });
});

function never(): Promise<MeterReading> {
  return new Promise(() => undefined);
}
