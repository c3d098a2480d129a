import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { makeSmallJob } from "./small-job.ts";
import { digestsOf, runWorker } from "./worker-run.ts";

const job = makeSmallJob(48, 12);
afterAll(() => job.remove());

const whole = runWorker(forkChild("worker"), job.start("whole"));

describe("a worker process", () => {
  it("learns, and its hashing and committing stay apart from its training", async () => {
    const { result, reports } = await whole;
    expect(result?.list.length).toBe(12);
    expect(result?.holdout?.total).toBe(40);
    expect(result?.holdout?.correct).toBeGreaterThan(30);
    expect(reports[0]).toMatchObject({ kind: "ready", engine: "reference", resumedSegments: 0 });
    expect(reports.filter(({ kind }) => kind === "segment").length).toBe(12);
  });

  it("gives the same hashes when the unit is trained again", async () => {
    const again = await runWorker(forkChild("worker"), job.start("again"));
    expect(digestsOf(again)).toBe(digestsOf(await whole));
  });

  it("gives the same hashes after kill -9 at random moments", async () => {
    const seed = (Date.now() % 100_000) + 1;
    console.log(`kill -9 seed ${seed}`);
    let random = seed;
    const below = (end: number) => {
      random = (Math.imul(random, 48271) >>> 0) % 2147483647;
      return random % end;
    };
    let kills = 0;
    // A whole run takes about half a second here, its start included.
    for (let run = 0; run < 40 && kills < 6; run += 1) {
      const child = forkChild("worker");
      const timer = setTimeout(() => child.kill(), 150 + below(400));
      const { result, exit } = await runWorker(child, job.start("killed"));
      clearTimeout(timer);
      if (exit.signal === "SIGKILL") kills += 1;
      // It came to its end first: damage a checkpoint, so that there is work to be killed in.
      if (result !== undefined) flip("killed", below(12), -1);
    }
    expect(kills).toBe(6);
    const last = await runWorker(forkChild("worker"), job.start("killed"));
    expect(digestsOf(last)).toBe(digestsOf(await whole));
  });

  it("steps back behind a damaged checkpoint, wherever the damage is", async () => {
    await runWorker(forkChild("worker"), job.start("damaged"));
    for (const at of [0, 10, 60, -1]) {
      flip("damaged", 7, at);
      const run = await runWorker(forkChild("worker"), job.start("damaged"));
      expect(run.reports[0]).toMatchObject({ kind: "ready", resumedSegments: 7 });
      expect(digestsOf(run)).toBe(digestsOf(await whole));
    }
  });

  it("waits while paused and ends in order when told to stop", async () => {
    const run = await runWorker(forkChild("worker"), job.start("stopped"), (report, child) => {
      if (report.kind === "segment" && report.segment === 2) {
        child.send({ kind: "pause" });
        setTimeout(() => child.send({ kind: "stop" }), 100);
      }
    });
    expect(run.reports.at(-1)).toEqual({ kind: "stopped" });
    expect(run.exit.code).toBe(0);
    const rest = await runWorker(forkChild("worker"), job.start("stopped"));
    expect(digestsOf(rest)).toBe(digestsOf(await whole));
  });

  it("works in a share of the time with the same hashes, takes up another at once", async () => {
    const began = performance.now();
    let spedUpMs = 0;
    const start = { ...job.start("paced"), pace: 0.02 };
    const run = await runWorker(forkChild("worker"), start, (report, child) => {
      if (report.kind !== "segment" || report.segment !== 3) return;
      spedUpMs = performance.now();
      child.send({ kind: "pace", pace: 1 });
    });
    expect(digestsOf(run)).toBe(digestsOf(await whole));
    const times = run.result?.times;
    const workedMs = (times?.trainMs ?? 0) + (times?.spotMs ?? 0);
    // A third of the work took some fifty times as long as work takes.
    expect(spedUpMs - began).toBeGreaterThan(workedMs * 4);
    expect(performance.now() - spedUpMs).toBeLessThan(spedUpMs - began);
    const refused = await runWorker(forkChild("worker"), { ...job.start("paceless"), pace: 0 });
    expect(refused.reports.at(-1)).toMatchObject({ kind: "fault", code: "MINER_MESSAGE" });
  });

  it("refuses a malformed message and a specification whose program is another", async () => {
    const start = job.start("refused");
    const malformed = { ...start, round: -1 };
    const one = await runWorker(forkChild("worker"), malformed);
    expect(one.reports.at(-1)).toMatchObject({ kind: "fault", code: "MINER_MESSAGE" });
    const specification = Uint8Array.from(start.specification);
    const text = Buffer.from(specification).indexOf('"filters":3');
    specification[text + 10] = 0x34;
    const two = await runWorker(forkChild("worker"), { ...start, specification });
    expect(two.reports.at(-1)).toMatchObject({ kind: "fault", code: "LEARNING_PROGRAM" });
    expect(two.exit.code).toBe(1);
  });
});

function checkpoint(folder: string, segment: number): string {
  const name = `segment-${String(segment).padStart(4, "0")}.checkpoint`;
  return join(job.folder, folder, name);
}

function flip(folder: string, segment: number, at: number): void {
  const bytes = readFileSync(checkpoint(folder, segment));
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(checkpoint(folder, segment), bytes);
}
