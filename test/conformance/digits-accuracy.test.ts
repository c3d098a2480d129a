import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packDigits, writeDatasetFile } from "../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../src-main/adapters/native-crypto/index.ts";
import { nativeBackends } from "../../src-main/adapters/native-engine/index.ts";
import { finalSpecification, unitId } from "../../src-main/learning/index.ts";
import { specificationBytes } from "../../src-main/miner/index.ts";
import {
  SPONSORED_JOBS,
  sponsoredSpecification,
} from "../../src-main/processes/daemon/sponsored-jobs.ts";
import { forkChild } from "../../src-main/processes/fork-child.ts";
import { runWorker } from "../integration/miner/worker-run.ts";

/** What the default job promises, for every seed. */
const LEAST_ACCURACY_PERCENT = 97;

// A seed takes about ten seconds; the promise is for ten of them.
const seeds = process.env.VIVIAN_FULL === "1" ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [0];

const folder = mkdtempSync(join(tmpdir(), "vivian-digits-"));
const datasetPath = join(folder, "digits.blob");
const source = dirname(createRequire(import.meta.url).resolve("mnist/package.json"));
writeDatasetFile(datasetPath, packDigits(nativeSha256, join(source, "src", "digits")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the default job", () => {
  it.skipIf(!nativeBackends().available).each(seeds)(
    "learns to read digits, seed %i",
    async (n) => {
      const [job] = SPONSORED_JOBS;
      const owner = new Uint8Array(32).fill(n);
      const template = sponsoredSpecification(nativeSha256, job, owner);
      const specification = finalSpecification(
        nativeSha256,
        template,
        new Uint8Array(32).fill(255),
      );
      const jobId = new Uint8Array(32).fill(n);
      const { result } = await runWorker(forkChild("worker"), {
        kind: "start",
        unit: unitId(nativeSha256, jobId, 0, 0),
        job: jobId,
        round: 0,
        shard: 0,
        specification: specificationBytes(specification),
        unitFolder: join(folder, `seed-${n}`),
        datasetPath,
        device: { engine: "native-cpu", isa: null, threads: 2 },
      });
      const { correct, total } = result?.holdout ?? { correct: 0, total: 0 };
      console.log(`seed ${n}: hold-out ${correct} of ${total}`);
      expect(total).toBe(1_000);
      expect((correct / total) * 100).toBeGreaterThanOrEqual(LEAST_ACCURACY_PERCENT);
    },
  );
});
