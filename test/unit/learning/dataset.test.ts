import { describe, expect, it } from "vitest";
import { merkleRoot, sha256 } from "../../../src-main/crypto/index.ts";
import {
  answersPerSample,
  datasetLeafHashes,
  datasetRoot,
  datasetSample,
  packDataset,
  readDataset,
  writeAnswers,
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

  it("holds tables of f32 features, and refuses what is no finite number", () => {
    const table = { ...header, encoding: 1, height: 1, sampleCount: 2, trainCount: 1 };
    const split = { ...table, holdoutFirst: 1, holdoutCount: 1 };
    const rows = new Uint8Array(18);
    const view = new DataView(rows.buffer);
    for (const [at, value] of [0.5, -3, 1e-40, 3e38].entries()) {
      view.setFloat32(4 * at + (at < 2 ? 0 : 1), value, true);
    }
    const blob = packDataset(split, rows);
    expect(readDataset(blob)).toMatchObject({
      ok: true,
      value: { header: split, sampleBytes: 9, samples: rows },
    });
    for (const bits of [0x7f800000, 0xff800000, 0x7fc00000]) {
      const damaged = blob.slice();
      new DataView(damaged.buffer).setUint32(blob.length - 5, bits, true);
      expect(readDataset(damaged)).toEqual({
        ok: false,
        rejection: {
          code: "LEARNING_DATASET",
          facts: { rule: "features are finite numbers", sample: 1 },
        },
      });
      expect(() => packDataset(split, damaged.slice(-18))).toThrow("finite");
    }
  });

  it("gives tables and texts one form of header, and knows no fifth encoding", () => {
    const bytes = new Uint8Array(4 * 17);
    const table = { ...header, encoding: 1, height: 1, width: 4 };
    expect(readDataset(packDataset(table, bytes)).ok).toBe(true);
    expect(() => packDataset({ ...table, height: 2, width: 2 }, bytes)).toThrow();
    expect(() => packDataset({ ...table, width: 2, channels: 2 }, bytes)).toThrow();
    const text = { ...table, encoding: 2 };
    expect(readDataset(packDataset(text, bytes.slice(0, 20))).ok).toBe(true);
    expect(() => packDataset({ ...text, height: 2, width: 2 }, bytes.slice(0, 20))).toThrow();
    expect(() => packDataset({ ...text, classes: 257 }, bytes.slice(0, 20))).toThrow();
    const words = { ...text, encoding: 3, classes: 65_536 };
    expect(readDataset(packDataset(words, bytes.slice(0, 40))).ok).toBe(true);
    expect(() => packDataset({ ...words, classes: 65_537 }, bytes.slice(0, 40))).toThrow();
    expect(() => packDataset({ ...table, encoding: 4 }, bytes.slice(0, 20))).toThrow();
  });

  it("says what the right answers of a sample are", () => {
    const answersOf = (encoding: number, sample: readonly number[]) => {
      const text = { ...header, encoding, height: 1, width: 2, channels: 1, classes: 256 };
      const set = { header: text, sampleBytes: sample.length, samples: Uint8Array.from(sample) };
      const answers = new Uint16Array(answersPerSample(set));
      writeAnswers(set, set.samples, answers);
      return Array.from(answers);
    };
    expect(answersOf(0, [7, 8, 3])).toEqual([3]);
    expect(answersOf(2, [7, 8, 3])).toEqual([8, 3]);
    expect(answersOf(3, [7, 0, 8, 1, 3, 2])).toEqual([264, 515]);
  });

  it("refuses ranges outside its samples", () => {
    expect(() => packDataset({ ...header, trainCount: 5 }, samples)).toThrow();
    expect(() => packDataset({ ...header, holdoutCount: 2 }, samples)).toThrow();
  });
});
