import { describe, expect, it } from "vitest";
import { UnitStopwatch } from "../../../../src-main/miner/worker/unit-times.ts";

/** A clock that the work itself moves: wall time, and processor time of two busy threads. */
function clock() {
  const time = { wall: 0, cpu: 0 };
  const work = (ms: number) => () => {
    time.wall += ms;
    time.cpu += 2 * ms;
  };
  return { work, monotonicMs: () => time.wall, processorMs: () => time.cpu };
}

describe("miner/worker/unit-times", () => {
  it("books each kind of work apart, and processor time for training only", async () => {
    const time = clock();
    const watch = new UnitStopwatch(time);
    watch.begin();
    await watch.book("train", time.work(100));
    await watch.book("spot", time.work(2));
    await watch.book("train", time.work(50));
    watch.end();
    await watch.book("commit", time.work(1));
    expect(watch.times()).toEqual({ trainMs: 150, commitMs: 1, spotMs: 2, trainCpuMs: 300 });
  });

  it("books work that fails, and hands its error on", async () => {
    const time = clock();
    const watch = new UnitStopwatch(time);
    const failing = () => {
      time.work(5)();
      throw new Error("disk");
    };
    await expect(watch.book("commit", failing)).rejects.toThrow("disk");
    expect(watch.times().commitMs).toBe(5);
  });

  it("goes on from what a checkpoint kept", async () => {
    const time = clock();
    const first = new UnitStopwatch(time);
    first.begin();
    await first.book("train", time.work(100.25));
    first.end();
    first.end();
    const second = new UnitStopwatch(time);
    second.restore({ ...first.microseconds() } as Parameters<UnitStopwatch["restore"]>[0]);
    second.begin();
    await second.book("train", time.work(1));
    second.end();
    expect(second.times()).toMatchObject({ trainMs: 101.25, trainCpuMs: 202.5 });
  });
});
