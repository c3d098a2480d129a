import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { WorkGate } from "../../../../src-main/miner/worker/work-gate.ts";

/** Time that passes only by steps and rests. */
class Time {
  ms = 0;
  rests: number[] = [];
  #timer: { readonly delayMs: number; readonly call: () => void } | null = null;

  readonly gate = new WorkGate({
    turn: () => Promise.resolve(),
    nowMs: () => this.ms,
    after: (delayMs, call) => {
      this.#timer = { delayMs, call };
      return () => (this.#timer = null);
    },
  });

  /** Whether a rest is under way. */
  get isResting(): boolean {
    return this.#timer !== null;
  }

  /** Lets a rest come to its end, or a part of it pass. */
  pass(ms?: number): void {
    const timer = this.#timer;
    if (timer === null) throw new Error("nothing rests");
    this.ms += ms ?? timer.delayMs;
    if (ms !== undefined) return;
    this.rests.push(timer.delayMs);
    this.#timer = null;
    timer.call();
  }

  /** Asks for a step and lets every rest pass; then the step takes its time. */
  async step(stepMs: number): Promise<boolean> {
    let answer: boolean | undefined;
    void this.gate.mayGoOn().then((value) => (answer = value));
    await settle();
    while (answer === undefined && this.isResting) {
      this.pass();
      await settle();
    }
    if (answer === undefined) throw new Error("it waits for a message");
    this.ms += stepMs;
    return answer;
  }
}

/** Lets every promise that is due go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
}

describe("the gate between two steps", () => {
  it("lets every step run at once where the whole time may be used", async () => {
    const time = new Time();
    for (let step = 0; step < 100; step += 1) expect(await time.step(7)).toBe(true);
    expect(time.rests).toEqual([]);
  });

  it("rests so long that steps have their share of the time, whatever they take", async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 4_000 }), {
      minLength: 20,
      maxLength: 60,
    });
    const percents = fc.integer({ min: 1, max: 99 });
    await fc.assert(
      fc.asyncProperty(percents, steps, async (percent, taken) => {
        const pace = percent / 100;
        const time = new Time();
        time.gate.pace(pace);
        let worked = 0;
        for (const stepMs of taken) {
          await time.step(stepMs);
          // Before the step: what came earlier has its rest, but for what is collected, and no
          // rest is a millisecond longer than it must be.
          const passed = time.ms - stepMs;
          const wanted = worked / pace;
          expect(passed).toBeGreaterThan(wanted - 5);
          expect(passed).toBeLessThan(wanted + 1.001);
          worked += stepMs;
        }
      }),
      { numRuns: 60, interruptAfterTimeLimit: 5_000 },
    );
  });

  it("ends a rest with the message that makes it needless, and not with another", async () => {
    const time = new Time();
    time.gate.pace(0.1);
    await time.step(1_000);
    let answer: boolean | undefined;
    void time.gate.mayGoOn().then((value) => (answer = value));
    await settle();
    expect(time.isResting).toBe(true);
    // A third of the rest has passed; at half the time the debt of the rest is smaller.
    time.pass(3_000);
    time.gate.pace(0.5);
    await settle();
    expect(answer).toBeUndefined();
    time.pass();
    await settle();
    expect(time.rests.at(-1)).toBe(667);
    expect(answer).toBe(true);
    await time.step(1_000);
    time.gate.pace(1);
    expect(await time.step(1_000)).toBe(true);
  });

  it("waits while paused, and counts the pause as rest", async () => {
    const time = new Time();
    time.gate.pace(0.5);
    await time.step(100);
    time.gate.pause();
    let answer: boolean | undefined;
    void time.gate.mayGoOn().then((value) => (answer = value));
    await settle();
    expect([answer, time.isResting]).toEqual([undefined, false]);
    time.ms += 100;
    time.gate.resume();
    await settle();
    expect(answer).toBe(true);
    expect(time.rests).toEqual([]);
  });

  it("pauses within a rest", async () => {
    const time = new Time();
    time.gate.pace(0.5);
    await time.step(100);
    let answer: boolean | undefined;
    void time.gate.mayGoOn().then((value) => (answer = value));
    await settle();
    expect(time.isResting).toBe(true);
    time.gate.pause();
    await settle();
    expect([answer, time.isResting]).toEqual([undefined, false]);
    time.gate.stop();
    await settle();
    expect(answer).toBe(false);
  });

  it("stops in the middle of a rest", async () => {
    const time = new Time();
    time.gate.pace(0.01);
    await time.step(60_000);
    let answer: boolean | undefined;
    void time.gate.mayGoOn().then((value) => (answer = value));
    await settle();
    time.gate.stop();
    await settle();
    expect(answer).toBe(false);
  });
});
