import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { IMPORT_LIMITS } from "../../../../src-main/adapters/data-import/index.ts";
import { imported, ownFolder, pngBytes, refused, writePngs } from "./made-data.ts";

const folder = ownFolder();
const grey = (value: number) => pngBytes({ colorType: 0, rgba: [value, value, value, 255] });
const red = pngBytes({ rgba: [200, 10, 20, 255] });
const greys = (...values: number[]) =>
  Object.fromEntries(values.map((value, at) => [`${at}.png`, grey(value)]));

describe("adapters/data-import with PNG folders", () => {
  it("takes classes and files in byte order, the last of a small class held out", async () => {
    writePngs(folder.path, "b", { "2.png": grey(52), "10.PNG": grey(51) });
    writePngs(folder.path, "a", greys(1, 2, 3));
    writePngs(folder.path, "Z", greys(90, 91));
    const data = await imported(folder.path);
    expect(data.classNames).toEqual(["Z", "a", "b"]);
    expect(data.header).toMatchObject({ encoding: 0, height: 3, width: 4, channels: 1 });
    expect(data.samples.map((sample) => [sample[1], sample.at(-1)])).toEqual([
      [90, 0],
      [1, 1],
      [2, 1],
      [51, 2],
      [91, 0],
      [3, 1],
      [52, 2],
    ]);
    expect(data.samples[0][0]).toBe(89);
    expect(data.note).toBe("7 images 4×3 grey, 3 classes; every tenth of each class held out (3)");
  });

  it("takes equal channels as grey, and three channels where one image has colour", async () => {
    const equal = pngBytes({ rgba: [7, 7, 7, 255] });
    writePngs(folder.path, "a", { "0.png": equal, "1.png": grey(9) });
    writePngs(folder.path, "b", { "0.png": equal, "1.png": grey(9) });
    expect((await imported(folder.path)).header.channels).toBe(1);
    writePngs(folder.path, "b", {
      "1.png": red,
      "2.png": pngBytes({ rgba: [5, 6, 7, 255], colorType: 6 }),
    });
    const data = await imported(folder.path);
    expect(data.header).toMatchObject({ channels: 3, sampleCount: 5 });
    expect(data.samples.map((sample) => [...sample.subarray(0, 6)])).toEqual([
      [6, 6, 6, 7, 7, 7],
      [6, 6, 6, 7, 7, 7],
      [199, 9, 19, 200, 10, 20],
      [8, 8, 8, 9, 9, 9],
      [4, 5, 6, 5, 6, 7],
    ]);
    expect(data.note).toMatch(/4×3 colour/);
  });

  it("leaves hidden entries out, counts other files, follows links", async () => {
    writePngs(folder.path, "a", { ...greys(1, 2), ".hidden.png": Buffer.of(1), "notes.txt": red });
    writePngs(folder.path, ".git", { config: Buffer.of(1) });
    writePngs(join(folder.path, ".else"), "b", greys(3, 4));
    symlinkSync(join(folder.path, ".else", "b"), join(folder.path, "b"));
    symlinkSync(join(folder.path, "a", "0.png"), join(folder.path, "b", "link.png"));
    writeFileSync(join(folder.path, "README"), "words");
    const data = await imported(folder.path);
    expect(data.header.sampleCount).toBe(5);
    expect(data.note).toMatch(/; 2 other files left out$/);
  });

  it("takes names that are not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from(join(folder.path, "n")), Buffer.of(0xff)]);
    mkdirSync(bytes);
    for (const name of ["0.png", "1.png"]) {
      writeFileSync(Buffer.concat([bytes, Buffer.from(`/${name}`)]), grey(8));
    }
    writePngs(folder.path, "né", greys(1, 2));
    const data = await imported(folder.path);
    expect(data.classNames).toEqual(["né", "n\\xff"]);
  });
});

describe("adapters/data-import refuses PNG folders", () => {
  const beside = (name: string, bytes: Uint8Array) => {
    writePngs(folder.path, "a", greys(1, 2));
    writePngs(folder.path, "b", { ...greys(3, 4), [name]: bytes });
    return join(folder.path, "b", name);
  };

  it.each([
    ["a file cut short", grey(1).subarray(0, 50), "CORRUPT"],
    ["a file cut short by one byte", grey(1).subarray(0, -1), "CORRUPT"],
    ["an empty file", Buffer.alloc(0), "CORRUPT"],
    ["words", Buffer.from("this is no image at all, it only has a name"), "CORRUPT"],
    ["a changed byte of pixels", flipped(grey(1), 45), "CORRUPT"],
    ["another size", pngBytes({ width: 3, rgba: [1, 1, 1, 255] }), "SIZE_MIXED"],
    ["a size above 64", pngBytes({ width: 65, rgba: [1, 1, 1, 255] }), "IMAGE_SIZE"],
    ["transparency", pngBytes({ colorType: 6, rgba: [1, 1, 1, 254] }), "CHANNELS"],
    ["16 bits", pngBytes({ colorType: 2, bitDepth: 16, rgba: [1, 1, 1, 255] }), "CHANNELS"],
    ["an interlaced bomb", bomb(), "CORRUPT"],
  ])("%s", async (_, bytes, code) => {
    const file = beside("x.png", bytes);
    expect(await refused(folder.path)).toMatchObject({
      code: `DATA_IMPORT_${code}`,
      facts: { file },
    });
  });

  it("an empty class, a class with one image, one class, none", async () => {
    expect(await refused(folder.path)).toMatchObject({ code: "DATA_IMPORT_NO_SAMPLES" });
    writePngs(folder.path, "a", greys(1, 2));
    expect(await refused(folder.path)).toMatchObject({
      code: "DATA_IMPORT_ONE_CLASS",
      facts: { class: "a" },
    });
    writePngs(folder.path, "b", { "photo.jpg": red });
    expect(await refused(folder.path)).toMatchObject({
      code: "DATA_IMPORT_EMPTY_CLASS",
      facts: { class: "b", otherFiles: 1 },
    });
    writePngs(folder.path, "b", greys(1));
    expect(await refused(folder.path)).toMatchObject({
      code: "DATA_IMPORT_SINGLE_SAMPLE",
      facts: { class: "b", file: join(folder.path, "b", "0.png") },
    });
  });

  it("images without class folders", async () => {
    writePngs(folder.path, ".", greys(1, 2));
    expect(await refused(folder.path)).toMatchObject({ code: "DATA_IMPORT_KIND" });
  });

  it("what is above a limit, with its name", async () => {
    beside("x.png", grey(9));
    const expectLimit = async (limits: object, facts: object) => {
      expect(await refused(folder.path, {}, { ...IMPORT_LIMITS, ...limits })).toMatchObject({
        code: "DATA_IMPORT_TOO_LARGE",
        facts,
      });
    };
    await expectLimit({ samples: 4 }, { limit: "samples", found: 5, most: 4 });
    await expectLimit({ bytes: 64 }, { limit: "decoded bytes", found: 65 });
    await expectLimit({ pngBytes: 60 }, { limit: "file bytes", most: 60 });
    await expectLimit({ folderEntries: 2 }, { limit: "folder entries", found: 3 });
    const classes = { ...IMPORT_LIMITS, classes: 1 };
    expect(await refused(folder.path, {}, classes)).toMatchObject({
      code: "DATA_IMPORT_TOO_MANY_CLASSES",
    });
  });
});

/** The bytes with one bit of one byte changed. */
function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] ^= 4;
  return changed;
}

/** A small interlaced image whose data unpacks to 64 MiB. */
function bomb(): Buffer {
  const made = grey(1);
  const header = Buffer.from(made.subarray(8, 33));
  header[20] = 1;
  const data = deflateSync(Buffer.alloc(67_108_864));
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write("IDAT", 4, "latin1");
  data.copy(chunk, 8);
  return Buffer.concat([made.subarray(0, 8), header, chunk, made.subarray(-12)]);
}
