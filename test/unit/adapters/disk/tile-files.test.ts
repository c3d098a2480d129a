import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { machineFiles } from "../../../../src-main/adapters/disk/file-layer.ts";
import type { FileLayer } from "../../../../src-main/adapters/disk/file-layer.ts";
import { TileFiles, tileFile, tileOffset } from "../../../../src-main/adapters/disk/tile-files.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-tiles-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tileOf(byte: number): Uint8Array {
  return new Uint8Array(8_192).map((_, at) => (at % 251) + byte);
}

describe("adapters/disk/tile-files", () => {
  it("give each tile a place of its own", () => {
    expect([tileFile("vector", 0, 0), tileOffset(0)]).toEqual([join("vector", "0", "0"), 0]);
    expect([tileFile("outcome", 2, 4_097), tileOffset(4_097)]).toEqual([
      join("outcome", "2", "1"),
      8_192,
    ]);
  });

  it("read what was written, in more files than are kept open", async () => {
    const opened = new Set<string>();
    let open = 0;
    let most = 0;
    const files: FileLayer = {
      ...machineFiles,
      open(path) {
        opened.add(path);
        most = Math.max(most, (open += 1));
        const file = machineFiles.open(path);
        return {
          ...file,
          close() {
            open -= 1;
            file.close();
          },
        };
      },
    };
    const tiles = new TileFiles(files, join(folder, "many"));
    const indexes = Array.from({ length: 70 }, (_, at) => at * 4_096 + (at % 3));
    for (const index of indexes) {
      await tiles.write([{ tree: "vector", level: 0, index, hashes: tileOf(index % 5) }]);
    }
    for (const index of [...indexes, ...indexes]) {
      expect(tiles.read("vector", 0, index)).toEqual(tileOf(index % 5));
      expect(tiles.read("vector", 0, index, 3, 2)).toEqual(tileOf(index % 5).slice(96, 160));
    }
    expect(opened.size).toBe(70);
    expect(most).toBeLessThanOrEqual(65);
    tiles.close();
    expect(open).toBe(0);
  });

  it("find nothing where nothing was written, or not all of it", async () => {
    const tiles = new TileFiles(machineFiles, join(folder, "few"));
    expect(tiles.read("vector", 0, 5)).toBeUndefined();
    await tiles.write([{ tree: "vector", level: 0, index: 5, hashes: tileOf(1).slice(0, 8_000) }]);
    expect(tiles.read("vector", 0, 5)).toBeUndefined();
    expect(tiles.read("vector", 0, 4)).toBeUndefined();
    expect(tiles.read("vector", 1, 5)).toBeUndefined();
    tiles.close();
  });
});
