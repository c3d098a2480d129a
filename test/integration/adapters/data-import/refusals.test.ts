import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { idxBytes, ownFolder, refused } from "./made-data.ts";

const folder = ownFolder();

function csv(...rows: readonly string[]): string {
  const path = join(folder.path, "data.csv");
  writeFileSync(path, rows.join("\n"));
  return path;
}

function idxPair(images: Buffer, labels: Buffer): string {
  const path = join(folder.path, "pair");
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "train-images-idx3-ubyte"), images);
  writeFileSync(join(path, "train-labels-idx1-ubyte"), labels);
  return path;
}

const labels = idxBytes([4], Uint8Array.of(0, 1, 0, 1));

describe("data that is refused", () => {
  it("has a row of another width", async () => {
    expect((await refused(csv("a,1,2", "b,3"))).code).toBe("DATA_IMPORT_RAGGED_ROW");
  });

  it("has rows of a class and nothing else", async () => {
    expect((await refused(csv("a", "b"))).code).toBe("DATA_IMPORT_NO_FEATURES");
  });

  it("has a class without a name, or with a name that is none", async () => {
    for (const name of ["", "x".repeat(500)]) {
      expect((await refused(csv("a,1", `${name},2`))).code).toBe("DATA_IMPORT_LABEL");
    }
  });

  it("has a quote that never ends", async () => {
    expect((await refused(csv('a,"1', "b,2"))).code).toBe("DATA_IMPORT_CSV_FORM");
  });

  it("has fewer labels than images", async () => {
    const path = idxPair(idxBytes([5, 2, 2], new Uint8Array(20)), labels);
    expect((await refused(path)).code).toBe("DATA_IMPORT_COUNT_MISMATCH");
  });

  it("has images of two channels", async () => {
    const twoChannels = idxPair(idxBytes([4, 2, 2, 2], new Uint8Array(32)), labels);
    expect((await refused(twoChannels)).code).toBe("DATA_IMPORT_CHANNELS");
  });
});
