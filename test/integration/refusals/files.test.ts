import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { openBlobFiles } from "../../../src-main/adapters/blobs/index.ts";
import { readDatasetFile, writeDatasetFile } from "../../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { openBatchSource } from "../../../src-main/miner/training/batch-source.ts";
import { openJob, startState } from "../../../src-main/miner/job/job-program.ts";
import { importDigits } from "../../../src-main/processes/daemon/data-sets.ts";
import { codeOf } from "../disks/small-disk.ts";
import { makeSmallJob } from "../miner/small-job.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-files-"));
const job = makeSmallJob(24, 6);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  job.remove();
});

const blobs = openBlobFiles(join(folder, "blobs"), nativeSha256);
const codeThrown = (act: () => unknown) => codeOf(Promise.resolve().then(act));

describe("a data set's file", () => {
  it("that is missing, or is something else, is refused", async () => {
    const file = join(folder, "set");
    expect(await codeThrown(() => readDatasetFile(file))).toBe("DATASET_FILE");
    writeFileSync(file, "no data set");
    expect(await codeThrown(() => readDatasetFile(file))).toBe("DATASET_FILE");
    const below = join(file, "below");
    expect(await codeThrown(() => writeDatasetFile(below, new Uint8Array(1)))).toBe("DATASET_FILE");
  });

  it("with one changed sample is not the job's", async () => {
    const changed = readFileSync(job.datasetPath);
    changed[changed.length - 2] ^= 1;
    const file = join(folder, "changed");
    writeFileSync(file, changed);
    const open = () => openBatchSource(nativeSha256, job.spec, readDatasetFile(file));
    expect(await codeThrown(open)).toBe("LEARNING_DATASET_ROOT");
  });

  it("that set-up never packed, or packed from something else, stops the daemon", async () => {
    const packed = join(folder, "digits.blob");
    expect(await codeOf(importDigits(blobs, packed))).toBe("PROCESSES_DATASET");
    writeFileSync(packed, "other digits");
    expect(await codeOf(importDigits(blobs, packed))).toBe("PROCESSES_DATASET");
    expect(await blobs.has(nativeSha256(readFileSync(packed)))).toBe(false);
  });
});

describe("a blob above the largest", () => {
  it("is refused before it is hashed or written", async () => {
    // Never touched, so it takes address space alone.
    const large = new Uint8Array(1_073_741_825);
    expect(await codeOf(blobs.put(large))).toBe("BLOB_SIZE");
  });
});

describe("a job that begins from a given state", () => {
  it("is refused where that state was not handed out", async () => {
    const startRoot = new Uint8Array(32).fill(1);
    const given = openJob(nativeSha256, { ...job.spec, startRoot });
    expect(await codeThrown(() => startState(given))).toBe("LEARNING_START");
  });
});
