import { describe, expect, it } from "vitest";
import { merkleRoot, sha256 } from "../../../src-main/crypto/index.ts";
import {
  datasetLeafHashes,
  datasetRoot,
  datasetSample,
  packDataset,
  readDataset,
} from "../../../src-main/learning/index.ts";

const header = {
  version: 1,
  encoding: 0,
  height: 2,
  width: 2,
  channels: 1,
  classes: 3,
  sampleCount: 4,
  trainFirst: 0,
  trainCount: 3,
  holdoutFirst: 3,
  holdoutCount: 1,
  name: "four",
  licenceNote: "none",
};
const samples = Uint8Array.from({ length: 20 }, (_, index) => index);

describe("learning/dataset", () => {
  it("gives header and samples back", () => {
    const read = readDataset(packDataset(header, samples));
    expect(read).toMatchObject({ ok: true, value: { header, sampleBytes: 5 } });
    if (read.ok) expect([...datasetSample(read.value, 2)]).toEqual([10, 11, 12, 13, 14]);
  });

  it("has the RFC 9162 root over its samples in order", () => {
    const read = readDataset(packDataset(header, samples));
    if (!read.ok) throw new Error("readable");
    const leaves = [0, 1, 2, 3].map((index) => datasetSample(read.value, index));
    expect(datasetRoot(sha256, datasetLeafHashes(sha256, read.value))).toEqual(
      merkleRoot(sha256, leaves),
    );
  });

  it("refuses every blob cut short or with bytes behind it", () => {
    const blob = packDataset(header, samples);
    const code = { ok: false, rejection: { code: "LEARNING_DATASET" } };
    for (let size = 0; size < blob.length; size += 1) {
      expect(readDataset(blob.subarray(0, size))).toMatchObject(code);
    }
    expect(readDataset(Uint8Array.of(...blob, 0))).toMatchObject(code);
  });

  it("refuses ranges outside its samples", () => {
    expect(() => packDataset({ ...header, trainCount: 5 }, samples)).toThrow();
    expect(() => packDataset({ ...header, holdoutCount: 2 }, samples)).toThrow();
  });
});
