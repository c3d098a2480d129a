import { crc32, deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import {
  decodePng,
  packPixels,
  readPngHeader,
  unpacksWhole,
} from "../../../../src-main/adapters/data-import/png-image.ts";

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const made = Buffer.alloc(body.length + 8);
  made.writeUInt32BE(data.length, 0);
  body.copy(made, 4);
  made.writeUInt32BE(crc32(body), body.length + 4);
  return made;
}

/** A PNG from its raw rows. */
function rawPng(
  [width, height, depth, colorType, interlace]: readonly number[],
  rows: Uint8Array,
  palette?: Uint8Array,
  pack: (rows: Uint8Array) => Uint8Array = deflateSync,
): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, colorType, 0, 0, interlace], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    ...(palette === undefined ? [] : [chunk("PLTE", palette)]),
    chunk("IDAT", pack(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function decoded(file: Buffer) {
  const header = readPngHeader(file);
  if (header === undefined) throw new Error("it begins as a PNG");
  return decodePng(file, header);
}

describe("adapters/data-import/png-image", () => {
  it("reads the header and refuses what is none", () => {
    const file = PNG.sync.write(new PNG({ width: 5, height: 6 }));
    const header = { width: 5, height: 6, depth: 8, colourType: 6, interlaced: false };
    expect(readPngHeader(file)).toEqual(header);
    expect(readPngHeader(file.subarray(0, 32))).toBeUndefined();
    for (const at of [0, 7, 11, 12]) {
      const changed = Buffer.from(file);
      changed[at] ^= 1;
      expect(readPngHeader(changed)).toBeUndefined();
    }
    expect(readPngHeader(rawPng([0, 1, 8, 0, 0], new Uint8Array(1)))).toBeUndefined();
  });

  it("gives palettes and small depths the colours they stand for", () => {
    const palette = Uint8Array.of(9, 9, 9, 1, 2, 3);
    const indexed = rawPng([2, 1, 8, 3, 0], Uint8Array.of(0, 0, 1), palette);
    expect(decoded(indexed)).toEqual({ channels: 3, pixels: Uint8Array.of(9, 9, 9, 1, 2, 3) });
    const twoBits = rawPng([4, 1, 2, 0, 0], Uint8Array.of(0, 0b00_01_10_11));
    expect(decoded(twoBits)).toEqual({ channels: 1, pixels: Uint8Array.of(0, 85, 170, 255) });
  });

  it("decodes an interlaced image", () => {
    // 4 × 3 grey: passes 1, 4, 5, 6 and 7 of Adam7 hold pixels; pixel (x, y) is 10·y + x.
    const rows = [[0], [2], [20, 22], [1, 3], [21, 23], [10, 11, 12, 13]];
    const file = rawPng([4, 3, 8, 0, 1], Uint8Array.from(rows.flatMap((row) => [0, ...row])));
    expect(decoded(file)).toEqual({
      channels: 1,
      pixels: Uint8Array.of(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23),
    });
  });

  it("takes pixel data that unpacks to exactly such an image, and no other", () => {
    const kinds = [
      [5, 3, 8, 0, 0, 18],
      [5, 3, 8, 2, 0, 48],
      [5, 3, 1, 3, 0, 6],
      [5, 3, 8, 4, 0, 33],
      [5, 3, 8, 6, 0, 63],
      [5, 3, 8, 2, 1, 52],
      [1, 1, 4, 0, 1, 2],
    ];
    for (const [width, height, depth, colourType, interlace, size] of kinds) {
      const shape = [width, height, depth, colourType, interlace];
      const header = { width, height, depth, colourType, interlaced: interlace === 1 };
      const palette = Uint8Array.of(1, 2, 3, 4, 5, 6);
      const whole = (bytes: number) => {
        const file = rawPng(shape, new Uint8Array(bytes), palette);
        return unpacksWhole(file, header) && decodePng(file, header) !== "damaged";
      };
      expect([size - 1, size, size + 1].map(whole)).toEqual([false, true, false]);
    }
    const impossible = { width: 2, height: 1, depth: 4, colourType: 2, interlaced: false };
    expect(unpacksWhole(rawPng([2, 1, 4, 2, 0], new Uint8Array(4)), impossible)).toBe(false);
  });

  it("refuses data that the library would fill up with foreign memory", () => {
    const shape = [4, 4, 8, 0, 0];
    const rows = Uint8Array.from({ length: 20 }, (_, at) => (at % 5) * at);
    const packed = deflateSync(rows);
    const file = (data: Uint8Array) => rawPng(shape, data, undefined, (as) => as);
    expect(decoded(file(packed))).toMatchObject({ channels: 1 });
    for (let size = 0; size < packed.length; size += 1) {
      expect(decoded(file(packed.subarray(0, size)))).toBe("damaged");
    }
    const wrongSum = Uint8Array.from(packed);
    wrongSum[packed.length - 1] ^= 1;
    expect(decoded(file(wrongSum))).toBe("damaged");
    // Unpacked as they stand: of the last row alone pixels are missing, since what memory holds in
    // place of a row's filter may be one that there is not.
    const plain = deflateSync(rows, { level: 0 }).subarray(0, 2 + 5 + 18);
    expect(PNG.sync.read(file(plain)).data.length).toBe(64);
    expect(decoded(file(plain))).toBe("damaged");
  });

  it("unpacks no more than such an image can hold", () => {
    for (const interlace of [0, 1]) {
      const bomb = rawPng([64, 64, 8, 6, interlace], new Uint8Array(1_000_000));
      expect(decoded(bomb)).toBe("damaged");
    }
  });

  it("keeps one channel of grey, three of colour, and none of what shines through", () => {
    expect(packPixels(Uint8Array.of(5, 5, 5, 255))).toEqual({
      channels: 1,
      pixels: Uint8Array.of(5),
    });
    expect(packPixels(Uint8Array.of(5, 5, 5, 255, 5, 6, 5, 255))).toEqual({
      channels: 3,
      pixels: Uint8Array.of(5, 5, 5, 5, 6, 5),
    });
    expect(packPixels(Uint8Array.of(5, 5, 5, 254))).toBe("transparent");
  });
});
