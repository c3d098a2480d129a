import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  DIGITS_DATASET_ROOT,
  DIGITS_SPLIT,
  packDigits,
  writeDatasetFile,
} from "../../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { nativeBackends } from "../../../src-main/adapters/native-engine/index.ts";
import { hexToBytes } from "../../../src-main/contract/bytes.ts";
import { DIGITS_CNN } from "../../../src-main/engine/index.ts";
import { unitId } from "../../../src-main/learning/index.ts";
import { buildSpecification, specificationBytes } from "../../../src-main/miner/index.ts";
import type { DeviceChoice } from "../../../src-main/miner/index.ts";
import { forkChild } from "../../../src-main/processes/fork-child.ts";
import { REFERENCE } from "./small-job.ts";
import { digestsOf, runWorker } from "./worker-run.ts";

const probe = nativeBackends();
const levels = probe.available ? probe.levels : [];
const folder = mkdtempSync(join(tmpdir(), "vivian-first-steps-"));
const datasetPath = join(folder, "digits.blob");
const source = dirname(createRequire(import.meta.url).resolve("mnist/package.json"));
writeDatasetFile(datasetPath, packDigits(nativeSha256, join(source, "src", "digits")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const job = new Uint8Array(32).fill(8);
// The hold-out samples are left out: the reference would take longer for them than for the steps.
const spec = buildSpecification(nativeSha256, {
  model: DIGITS_CNN,
  steps: 20,
  datasetRoot: hexToBytes(DIGITS_DATASET_ROOT),
  ...DIGITS_SPLIT,
  holdoutCount: 0,
  seed: new Uint8Array(32).fill(1),
  finalSeed: true,
  segments: 4,
});

function train(name: string, device: DeviceChoice) {
  return runWorker(forkChild("worker"), {
    kind: "start",
    unit: unitId(nativeSha256, job, 0, 0),
    job,
    round: 0,
    shard: 0,
    specification: specificationBytes(spec),
    unitFolder: join(folder, name),
    datasetPath,
    device,
  });
}

describe("the first 20 steps of the digits", () => {
  it.skipIf(!probe.available)("are the reference at each level and thread count", async () => {
    const expected = digestsOf(await train("reference", REFERENCE));
    for (const isa of levels) {
      for (const threads of [1, 2]) {
        const name = `${isa}-${threads}`;
        const run = await train(name, { engine: "native-cpu", isa, threads });
        expect(digestsOf(run), name).toBe(expected);
      }
    }
  });
});
