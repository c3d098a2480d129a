import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { splitPrice } from "../../../src-main/learning/index.ts";
import type { ForkChild, MinerOptions } from "../../../src-main/miner/index.ts";
import { forkChild, forkModule } from "../../../src-main/processes/fork-child.ts";
import { openWorld, OWNER } from "./practice-world.ts";
import type { World } from "./practice-world.ts";
import { makeSmallJob } from "./small-job.ts";
import type { SmallJob } from "./small-job.ts";

const jobs: SmallJob[] = [];
const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
  for (const job of jobs.splice(0)) job.remove();
});

function small(steps: number, segments: number, more: object = {}): SmallJob {
  const job = makeSmallJob(steps, segments, more);
  jobs.push(job);
  return job;
}

async function open(
  job: SmallJob,
  fork?: ForkChild,
  options?: Pick<MinerOptions, "closesAfterMs">,
): Promise<World> {
  const world = await openWorld(job, fork, {}, options);
  worlds.push(world);
  world.miner.start();
  return world;
}

async function close(world: World): Promise<void> {
  worlds.splice(worlds.indexOf(world), 1);
  await world.close();
}

const adversary = fileURLToPath(
  new URL("../../simulation/adversaries/wrong-step.ts", import.meta.url),
);

describe("a miner on a practice node", () => {
  it("trains, is checked and is paid 85/10/5 for a sponsored job", async () => {
    const job = small(48, 12, { fullReplayPermille: 0 });
    const world = await open(job);
    expect(world.miner.status().state).toBe("idle");
    await world.submit();
    const unit = await world.until(
      ({ phase, payments }) => phase === "paid" && payments.length > 2,
    );
    const { worker, verifiers, pool } = splitPrice(job.spec.unitPriceBase);
    expect(
      unit.payments.map(({ share, amountBase, minted }) => [share, amountBase, minted]),
    ).toEqual([
      ["worker", worker, true],
      ["verifiers", verifiers, true],
      ["pool", pool, true],
    ]);
    expect(unit.verification).toMatchObject({ mode: "sampled", checked: 2, total: 2 });
    expect(unit.verification.costPercent).toBeGreaterThan(0);
    expect(unit.holdout?.total).toBe(40);
    expect(unit.lossHistory.length).toBe(12);
    expect(unit.hashingPercent).toBeGreaterThan(0);
    const { seal, reveal, verdictCommit, innerOpen, verdictOpen, settled } = unit.slots;
    const slots = [seal, reveal, verdictCommit, innerOpen, verdictOpen].map(Number);
    expect(slots.toSorted((left, right) => left - right)).toEqual(slots);
    expect(settled).not.toBeNull();
    await world.until((_, { state }) => state === "idle");
    expect(existsSync(join(job.folder, "units", unit.unit))).toBe(false);
  });

  it("is paid from escrow for a private job that is replayed in full", async () => {
    const job = small(24, 6, { fullReplayPermille: 1000 });
    const world = await open(job);
    const before = world.node.account(OWNER.address).balanceBase;
    await world.submit(0);
    const unit = await world.until(
      ({ phase, payments }) => phase === "paid" && payments.length > 2,
    );
    expect(unit.verification).toMatchObject({ mode: "full", checked: 6, total: 6 });
    expect(unit.payments.every(({ minted }) => !minted)).toBe(true);
    // Worker and verifier are paid to the owner here; the pool's part and the fee are gone.
    const { pool } = splitPrice(job.spec.unitPriceBase);
    const after = world.node.account(OWNER.address).balanceBase;
    expect(before - after).toBeGreaterThanOrEqual(pool);
  });

  it("disputes a planted wrong step with its code and pays nobody", async () => {
    const job = small(48, 12, { fullReplayPermille: 1000 });
    const fork: ForkChild = (kind) =>
      kind === "worker" ? forkModule(adversary) : forkChild("verifier");
    const world = await open(job, fork);
    await world.submit();
    const unit = await world.until(({ phase }) => phase === "disputed");
    expect(unit.code).toBe("LEARNING_STATE_MISMATCH");
    const row = world.node.unit(hexToBytes(unit.unit));
    expect(row).toMatchObject({ phase: "disputed", disputedSegment: 5 });
    expect(unit.payments).toEqual([]);
  });

  it("goes on after the daemon ended in any phase", async () => {
    const job = small(48, 12, { fullReplayPermille: 0 });
    let world = await open(job);
    await world.submit();
    for (const phase of ["training", "sealed", "revealed", "challenged", "verifying"] as const) {
      const order = ["assigned", "training", "sealed", "revealed", "challenged", "verifying"];
      const reached = order.indexOf(phase);
      await world.until((unit) => {
        const now = order.indexOf(unit.phase);
        return now >= reached || now < 0;
      });
      await close(world);
      world = await open(job);
    }
    const minted = () => world.node.supply().mintedBase;
    await new Promise<void>((resolve) => {
      const end = world.node.onCommit(() => {
        if (minted() === 0n) return;
        end();
        resolve();
      });
      if (minted() > 0n) resolve();
    });
    expect(minted()).toBe(job.spec.unitPriceBase);
  });

  it("starts a worker that crashed again", async () => {
    const job = small(48, 12);
    let crashes = 0;
    const world = await open(job, (kind) => {
      const child = forkChild(kind);
      if (kind === "worker" && crashes < 2) {
        crashes += 1;
        // In the middle of its work, however fast the machine is.
        child.onMessage((message) => {
          if ((message as { kind: string }).kind === "segment") child.kill();
        });
      }
      return child;
    });
    await world.submit();
    await world.until(({ phase }) => phase === "paid");
    expect(crashes).toBe(2);
    expect(world.log.some((line) => line.startsWith("a child process ended early"))).toBe(true);
  });

  it("goes on checking while it is paused and while its pace changes", async () => {
    const told: string[] = [];
    const slowed = () => {
      world.miner.pause();
      world.miner.pace(0.5);
    };
    const world = await open(small(48, 12), (kind) => {
      const child = forkChild(kind);
      if (kind !== "verifier") return child;
      const send = (message: { readonly kind: string }) => {
        told.push(message.kind);
        child.send(message);
        if (message.kind === "start") setImmediate(slowed);
      };
      return { ...child, send };
    });
    world.miner.pace(0.3);
    await world.submit();
    await world.until(({ phase }) => phase === "paid");
    expect(world.miner.status().state).toBe("paused");
    expect(told.filter((kind) => kind !== "state")).toEqual(["start"]);
  });

  it("closes the device in a pause that lasts, and goes on from what was kept", async () => {
    let workers = 0;
    let ended = 0;
    const count = (kind: "verifier" | "worker") => {
      const child = forkChild(kind);
      if (kind !== "worker") return child;
      workers += 1;
      child.onExit(() => (ended += 1));
      return child;
    };
    const world = await open(small(48, 12), count, { closesAfterMs: 200 });
    await world.submit();
    await world.until(({ segmentsDone }) => segmentsDone >= 2);
    world.miner.pause();
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(1);
    const kept = await world.until(({ step, lossHistory }) => step === lossHistory.at(-1)?.step);
    expect(kept).toMatchObject({ phase: "training", code: null });
    expect(workers).toBe(1);
    world.miner.start();
    await world.until(({ phase }) => phase === "paid");
    expect(workers).toBe(2);
    // A pause that ends sooner leaves the worker where it is.
    await world.submit();
    await world.until(({ phase, step }) => phase === "training" && step > 0);
    world.miner.pause();
    world.miner.start();
    await world.until((_, { state }) => state === "idle");
    expect(workers).toBe(3);
  });

  it("pauses, and takes no new unit while it finishes", async () => {
    const world = await open(small(48, 12));
    await world.submit();
    await world.until(({ phase, step }) => phase === "training" && step > 0);
    world.miner.finish();
    expect(world.miner.status().state).toBe("finishing");
    await world.submit();
    await world.until((_, { state }) => state === "paused");
    const { units } = world.miner.status();
    expect(units.map(({ phase }) => phase)).toEqual(["assigned", "paid"]);
    world.miner.start();
    await world.until(({ phase }) => phase === "paid");
  });
});
