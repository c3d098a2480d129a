import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Child, DeviceChoice } from "../../../src-main/miner/index.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { softwareGraphics, testAdapters } from "../../conformance/webgpu/graphics.ts";
import { makeSmallJob } from "./small-job.ts";
import { digestsOf, runWorker } from "./worker-run.ts";

const job = makeSmallJob(24, 6);
afterAll(() => job.remove());

const adapters = await testAdapters();

const GRAPHICS: DeviceChoice = { engine: "webgpu", isa: adapters[0] ?? null, threads: 1 };

/** A worker that finds the tests' graphics adapter; a process takes its drivers when it starts. */
function graphicsWorker(): Child {
  const before = { ...process.env };
  Object.assign(process.env, softwareGraphics());
  try {
    return forkChild("worker");
  } finally {
    process.env = before;
  }
}

describe.skipIf(adapters.length === 0)(`a worker on webgpu (${adapters[0] ?? "none"})`, () => {
  const reference = runWorker(forkChild("worker"), job.start("reference"));

  it("goes on after kill -9, at last on the processor, to the reference's hashes", async () => {
    const start = job.start("graphics", GRAPHICS);
    const mark = join(start.unitFolder, "graphics-lives");
    for (const resumed of [0, 2]) {
      // Killed in the middle of the second segment of its life, as a driver's crash would end it.
      const run = await runWorker(graphicsWorker(), start, (report, child) => {
        if (report.kind === "segment" && report.segment === resumed + 1) child.kill();
      });
      expect(run.exit.signal).toBe("SIGKILL");
      expect(run.reports[0]).toMatchObject({ kind: "ready", engine: "webgpu" });
      expect(existsSync(mark)).toBe(true);
    }
    const last = await runWorker(graphicsWorker(), start);
    const [ready] = last.reports;
    expect(ready).toMatchObject({ kind: "ready" });
    // Twice it ended without a word: the device is left alone.
    expect(ready).not.toMatchObject({ engine: "webgpu" });
    expect(ready.kind === "ready" && ready.resumedSegments > 0).toBe(true);
    expect(digestsOf(last)).toBe(digestsOf(await reference));
  });

  it("gives the reference's hashes in one go and leaves no mark", async () => {
    const start = job.start("whole", GRAPHICS);
    const run = await runWorker(graphicsWorker(), start);
    expect(run.reports[0]).toMatchObject({ kind: "ready", engine: "webgpu" });
    expect(digestsOf(run)).toBe(digestsOf(await reference));
    expect(existsSync(join(start.unitFolder, "graphics-lives"))).toBe(false);
  });
});

describe("a worker whose graphics adapter is gone", () => {
  it("goes on with the processor to the reference's hashes", async () => {
    const gone: DeviceChoice = { engine: "webgpu", isa: "no adapter has this name", threads: 1 };
    const run = await runWorker(forkChild("worker"), job.start("gone", gone));
    const expected = await runWorker(forkChild("worker"), job.start("expected"));
    expect(digestsOf(run)).toBe(digestsOf(expected));
    expect(run.exit.words).toMatch(/WEBGPU_ENGINE_ABSENT/u);
  });

  it("is not tried again where the mark is unreadable", async () => {
    const start = job.start("marked", GRAPHICS);
    await runWorker(forkChild("worker"), job.start("marked"));
    writeFileSync(join(start.unitFolder, "graphics-lives"), "x");
    const run = await runWorker(graphicsWorker(), start);
    expect(run.reports[0]).not.toMatchObject({ engine: "webgpu" });
  });
});
