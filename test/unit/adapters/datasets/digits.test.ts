import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  DIGITS_BLOB_SHA256,
  DIGITS_SPLIT,
  packDigits,
  verifyDigits,
} from "../../../../src-main/adapters/datasets/index.ts";
import { nativeSha256 } from "../../../../src-main/adapters/native-crypto/index.ts";
import { datasetSample, readDataset } from "../../../../src-main/learning/index.ts";

const require = createRequire(import.meta.url);
const source = join(dirname(require.resolve("mnist/package.json")), "src", "digits");

describe("adapters/datasets/digits", () => {
  const blob = packDigits(nativeSha256, source);

  it("packs the source to the blob of the known digest", () => {
    expect(Buffer.from(nativeSha256(blob)).toString("hex")).toBe(DIGITS_BLOB_SHA256);
  });

  it("holds out exactly 1,000, ordered by class on both sides", () => {
    const read = readDataset(blob);
    if (!read.ok) throw new Error("readable");
    const labels = Array.from(
      { length: 10_000 },
      (_, index) => datasetSample(read.value, index)[784],
    );
    const { trainCount } = DIGITS_SPLIT;
    const sorted = (list: readonly number[]) =>
      list.every((label, index) => index === 0 || label >= list[index - 1]);
    expect(sorted(labels.slice(0, trainCount))).toBe(true);
    expect(sorted(labels.slice(trainCount))).toBe(true);
    expect(new Set(labels.slice(trainCount)).size).toBe(10);
    expect(read.value.header).toMatchObject({ sampleCount: 10_000, ...DIGITS_SPLIT });
  });

  it("refuses a blob with one pixel changed", () => {
    const changed = Uint8Array.from(blob);
    changed[5000] ^= 1;
    expect(() => verifyDigits(nativeSha256, changed)).toThrowError(
      expect.objectContaining({ code: "DATASET_DIGEST" }),
    );
  });

  it("says which source is missing", () => {
    expect(() => packDigits(nativeSha256, "/nonexistent")).toThrowError(
      expect.objectContaining({ code: "DATASET_SOURCE" }),
    );
  });
});
