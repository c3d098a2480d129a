/** A worker that is told to stop in the middle of a segment goes on behind its last step. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { makeSmallJob } from "./small-job.ts";
import { digestsOf, runWorker } from "./worker-run.ts";

/** Two segments, each of so many steps that a stop falls into it. */
const STEPS = 1_200;
const HALF = STEPS / 2;
const job = makeSmallJob(STEPS, 2);
afterAll(() => job.remove());

const whole = runWorker(forkChild("worker"), job.start("whole"));

/** Runs until the first progress beyond a step, then stops; the step that was told. */
async function stopAfter(folder: string, step: number): Promise<number> {
  let told = 0;
  const { reports, exit } = await runWorker(
    forkChild("worker"),
    job.start(folder),
    (one, child) => {
      if (one.kind !== "progress" || one.step <= step || told > 0) return;
      told = one.step;
      child.send({ kind: "stop" });
    },
  );
  expect([reports.at(-1)?.kind, exit.code]).toEqual(["stopped", 0]);
  return told;
}

/** The rest of the run: where it went on, and its digests. */
async function rest(folder: string) {
  const run = await runWorker(forkChild("worker"), job.start(folder));
  const [ready] = run.reports;
  return { step: ready.kind === "ready" ? ready.resumedStep : -1, digests: digestsOf(run) };
}

const fileOf = (folder: string) => join(job.folder, folder, "stopped.checkpoint");

describe("a worker that is told to stop within a segment", () => {
  it("goes on behind the last step with the same hashes, in any segment", async () => {
    const digests = digestsOf(await whole);
    const told = await stopAfter("one", 50);
    expect(told).toBeLessThan(HALF);
    const first = await rest("one");
    expect(first.digests).toBe(digests);
    expect(first.step).toBeGreaterThanOrEqual(told);
    expect(first.step).toBeLessThan(HALF);
    const later = await stopAfter("two", HALF + 50);
    const second = await rest("two");
    expect(second.digests).toBe(digests);
    expect(second.step).toBeGreaterThanOrEqual(later);
    expect(second.step).toBeLessThan(STEPS);
  }, 60_000);

  it("may be stopped again and again", async () => {
    let before = 0;
    for (const step of [50, 150, 250]) {
      const told = await stopAfter("often", Math.max(step, before));
      expect(told).toBeGreaterThan(before);
      before = told;
    }
    const last = await rest("often");
    expect(last.step).toBeGreaterThanOrEqual(before);
    expect(last.digests).toBe(digestsOf(await whole));
  }, 60_000);

  it.each([
    ["the length of its head", 1],
    ["its head", 90],
    ["a loss", 300],
    ["its state", -1],
  ])(
    "trains the segment again where %s was damaged",
    async (_what, at) => {
      const folder = `damaged-${at}`;
      await stopAfter(folder, 50);
      const bytes = readFileSync(fileOf(folder));
      bytes[at < 0 ? bytes.length + at : at] ^= 1;
      writeFileSync(fileOf(folder), bytes);
      const run = await rest(folder);
      expect(run.step).toBe(0);
      expect(run.digests).toBe(digestsOf(await whole));
    },
    60_000,
  );

  it("does not take up what another unit left, nor what is cut off", async () => {
    await stopAfter("mine", 50);
    const other = makeSmallJob(STEPS, 2, { seed: new Uint8Array(32).fill(9) });
    try {
      await runWorker(forkChild("worker"), other.start("mine"), (one, child) => {
        if (one.kind === "progress") child.send({ kind: "stop" });
      });
      const theirs = readFileSync(join(other.folder, "mine", "stopped.checkpoint"));
      writeFileSync(fileOf("mine"), theirs);
      expect((await rest("mine")).step).toBe(0);
    } finally {
      other.remove();
    }
    await stopAfter("cut", 50);
    writeFileSync(fileOf("cut"), readFileSync(fileOf("cut")).subarray(0, 200));
    expect((await rest("cut")).step).toBe(0);
    rmSync(fileOf("cut"), { force: true });
  }, 60_000);
});
