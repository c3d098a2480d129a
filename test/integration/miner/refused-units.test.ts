import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { openWorld, WORKER } from "./practice-world.ts";
import type { World } from "./practice-world.ts";
import { makeSmallJob } from "./small-job.ts";
import { runWorker } from "./worker-run.ts";

const job = makeSmallJob(24, 6, { fullReplayPermille: 1000 });
let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** The code with which the only unit cannot go on. */
async function codeOfUnit(opened: World): Promise<string | null> {
  world = opened;
  world.miner.start();
  await world.submit();
  const unit = await world.until((_, { state }) => state === "failed");
  expect(unit.payments).toEqual([]);
  return unit.code;
}

describe("a unit that cannot go on", () => {
  it("has its data set nowhere on this machine", async () => {
    const opened = await openWorld(makeSmallJob(24, 6), forkChild, {
      datasetPath: () => undefined,
    });
    expect(await codeOfUnit(opened)).toBe("MINER_DATASET_MISSING");
  });

  it("has a verifier that is killed each time it starts", async () => {
    const opened = await openWorld(job, (kind) => {
      const child = forkChild(kind);
      if (kind === "verifier" && child.pid !== undefined) process.kill(child.pid, "SIGKILL");
      return child;
    });
    expect(await codeOfUnit(opened)).toBe("MINER_VERIFIER_CRASHED");
  });

  it("has records that the ledger refuses, for they are signed with another key", async () => {
    const worker = { ...WORKER, sign: () => new Uint8Array(65).fill(1) };
    const opened = await openWorld(makeSmallJob(24, 6), forkChild, { worker });
    expect(await codeOfUnit(opened)).toBe("MINER_SUBMIT");
  });
});

describe("a unit whose evidence this machine's meters cannot give", () => {
  const demanding = () => makeSmallJob(24, 6, { fullReplayPermille: 1000, energyTier: 4 });
  const stated = { tier: 4, millijoules: 5_000, startMs: 1, endMs: 2 };

  it("is declined with the reason, and the miner waits for other work", async () => {
    const energy = { tier: () => 2, energyOf: () => Promise.resolve(null) };
    world = await openWorld(demanding(), forkChild, { energy });
    world.miner.start();
    await world.submit();
    const unit = await world.until((one) => one.code !== null);
    expect(unit).toMatchObject({ code: "MINER_ENERGY_TIER", phase: "assigned", step: 0 });
    const { state, code, facts } = world.miner.status();
    expect({ state, code, facts }).toEqual({
      state: "idle",
      code: "MINER_ENERGY_TIER",
      facts: { demanded: "B", here: "D" },
    });
  });

  it("does not hold up the unit after it, which a better meter makes payable", async () => {
    let tier = 0;
    const energy = { tier: () => tier, energyOf: () => Promise.resolve(stated) };
    world = await openWorld(demanding(), forkChild, { energy });
    world.miner.start();
    await world.submit();
    await world.until((one, { state }) => one.code !== null && state === "idle");
    tier = 4;
    await world.submit();
    await world.until(({ phase }, { state }) => phase === "paid" && state === "idle");
    expect(world.miner.status()).toMatchObject({ code: null, facts: {} });
  }, 60_000);
});

describe("a unit that was declined", () => {
  const demanding = () => makeSmallJob(24, 6, { fullReplayPermille: 1000, energyTier: 4 });
  const stated = { tier: 4, millijoules: 5_000, startMs: 1, endMs: 2 };
  /** Minutes pass in fractions of a second. */
  const fast = {
    nowMs: () => Date.now() * 200,
    after: (ms: number, action: () => void) => {
      const timer = setTimeout(action, Math.ceil(ms / 200));
      return () => clearTimeout(timer);
    },
  };

  it("is taken up without a restart once a better meter is there", async () => {
    let tier = 2;
    const energy = { tier: () => tier, energyOf: () => Promise.resolve(stated) };
    world = await openWorld(demanding(), forkChild, { energy, clock: fast });
    world.miner.start();
    await world.submit();
    await world.until((one, { state }) => one.code !== null && state === "idle");
    tier = 4;
    await world.until(({ phase }, { state }) => phase === "paid" && state === "idle");
    expect(world.miner.status()).toMatchObject({ code: null, units: [{ code: null }] });
  }, 60_000);

  it("states its energy once somebody knows it, and is not trained again", async () => {
    let known: typeof stated | null = null;
    let trainings = 0;
    const energy = { tier: () => 4, energyOf: () => Promise.resolve(known) };
    const counting = (kind: Parameters<typeof forkChild>[0]) => {
      if (kind === "worker") trainings += 1;
      return forkChild(kind);
    };
    world = await openWorld(demanding(), counting, { energy, clock: fast });
    world.miner.start();
    await world.submit();
    await world.until((one) => one.code === "MINER_ENERGY_UNKNOWN");
    known = stated;
    await world.until(({ phase }, { state }) => phase === "paid" && state === "idle");
    expect(trainings).toBe(1);
  }, 60_000);
});

describe("a worker", () => {
  it("whose unit's folder lies below a file ends with a code", async () => {
    writeFileSync(join(job.folder, "file"), "");
    const { reports, exit } = await runWorker(forkChild("worker"), job.start("file/unit"));
    expect(reports.at(-1)).toMatchObject({ kind: "fault", code: "MINER_CHILD_FAULT" });
    expect(exit.code).toBe(1);
  });
});
