import { afterAll, describe, expect, it } from "vitest";
import { nativeBackends } from "../../../src-main/adapters/native-engine/index.ts";
import type { DeviceChoice } from "../../../src-main/miner/index.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { makeSmallJob, REFERENCE } from "./small-job.ts";
import { runVerifier, startVerifier, statesOf } from "./verifier-run.ts";
import { digestsOf, runWorker } from "./worker-run.ts";

const job = makeSmallJob(40, 10);
afterAll(() => job.remove());

const probe = nativeBackends();
const levels = probe.available ? probe.levels : [];
const native = (isa: string | null, threads: number): DeviceChoice => {
  return { engine: "native-cpu", isa, threads };
};
const train = (name: string, device: DeviceChoice) =>
  runWorker(forkChild("worker"), job.start(name, device));
const reference = train("reference", REFERENCE);

describe("the hashes of a unit", () => {
  it.skipIf(!probe.available)(
    "are the reference's at every SIMD level and thread count",
    async () => {
      const expected = digestsOf(await reference);
      for (const isa of levels) {
        for (const threads of [1, 2]) {
          const run = await train(`${isa}-${threads}`, native(isa, threads));
          expect(run.reports[0]).toMatchObject({ kind: "ready", engine: "native-cpu" });
          expect(digestsOf(run), `${isa}, ${threads} threads`).toBe(expected);
        }
      }
    },
  );

  it("are the reference's in WebAssembly", async () => {
    const run = await train("wasm", { engine: "wasm", isa: null, threads: 1 });
    expect(run.reports[0]).toMatchObject({ kind: "ready", engine: "wasm" });
    expect(digestsOf(run)).toBe(digestsOf(await reference));
  });

  it.skipIf(!probe.available)("let one engine check another's work", async () => {
    const { result } = await reference;
    if (result === undefined) throw new Error("the reference trains");
    const start = { ...startVerifier(job, result, [0, 3, 9]), device: native(null, 1) };
    const verdict = await runVerifier(start, statesOf(job, "reference"));
    expect(verdict.verdict).toBe("");
  });
});
