/**
 * Decides how a PNG file becomes pixels. What the header says is checked before anything is
 * unpacked, so a small file cannot grow to gigabytes; the pixels must be 8 bits or fewer a channel
 * and opaque. Palettes and small depths give the colours they stand for; gamma is not applied.
 *
 * The library (pngjs 7.0.0 on Node 24) takes pixel data that is cut short or does not unpack and
 * fills the rest with whatever memory held, so here it only ever gets data that was seen to unpack
 * to exactly the bytes of such an image.
 */

import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** What a PNG's header says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: number;
  readonly interlaced: boolean;
}

/** The pixels of an image: one byte each where all are grey, else three. */
export interface PngPixels {
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 33;
const RGBA_BYTES = 4;

/** Values a pixel has in each colour type, and the depths the format allows it. */
const COLOUR_TYPES: Readonly<Record<number, { values: number; depths: readonly number[] }>> = {
  0: { values: 1, depths: [1, 2, 4, 8, 16] },
  2: { values: 3, depths: [8, 16] },
  3: { values: 1, depths: [1, 2, 4, 8] },
  4: { values: 2, depths: [8, 16] },
  6: { values: 4, depths: [8, 16] },
};

/** First column and row of each pass and the steps between, when interlaced (Adam7) and not. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const ONE_PASS = [[0, 0, 1, 1]] as const;

/** The header of a PNG file; undefined where the file does not begin as one. */
export function readPngHeader(file: Buffer): PngHeader | undefined {
  if (file.length < HEADER_BYTES || !file.subarray(0, 8).equals(SIGNATURE)) return undefined;
  if (file.readUInt32BE(8) !== 13 || file.toString("latin1", 12, 16) !== "IHDR") return undefined;
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  if (width === 0 || height === 0) return undefined;
  return { width, height, depth: file[24], colourType: file[25], interlaced: file[28] !== 0 };
}

/**
 * The pixels of a PNG file whose header was read and found small, row by row.
 * @returns "damaged" where it does not decode, "transparent" where a pixel is not opaque
 */
export function decodePng(file: Buffer, header: PngHeader): PngPixels | "damaged" | "transparent" {
  if (!unpacksWhole(file, header)) return "damaged";
  let rgba: Uint8Array;
  try {
    rgba = PNG.sync.read(file).data;
  } catch {
    // The library throws plain errors, and its own TypeErrors, for every kind of damage.
    return "damaged";
  }
  if (rgba.length !== header.width * header.height * RGBA_BYTES) return "damaged";
  return packPixels(rgba);
}

/** Drops the alpha channel, and two of three equal colour channels. */
export function packPixels(rgba: Uint8Array): PngPixels | "transparent" {
  const count = rgba.length / RGBA_BYTES;
  let channels: 1 | 3 = 1;
  for (let at = 0; at < rgba.length; at += RGBA_BYTES) {
    if (rgba[at + 3] !== 255) return "transparent";
    if (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]) channels = 3;
  }
  const pixels = new Uint8Array(count * channels);
  for (let pixel = 0; pixel < count; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      pixels[pixel * channels + channel] = rgba[pixel * RGBA_BYTES + channel];
    }
  }
  return { channels, pixels };
}

/** Whether the pixel data is a sound zlib stream of exactly the bytes that the header asks for. */
export function unpacksWhole(file: Buffer, header: PngHeader): boolean {
  const expected = rowBytes(header);
  if (expected === 0) return false;
  try {
    return inflateSync(pixelData(file), { maxOutputLength: expected }).length === expected;
  } catch {
    return false;
  }
}

/** Bytes of all rows with their filter bytes; 0 where the format has no such image. */
function rowBytes({ width, height, depth, colourType, interlaced }: PngHeader): number {
  const type = Object.hasOwn(COLOUR_TYPES, colourType) ? COLOUR_TYPES[colourType] : undefined;
  if (type === undefined || !type.depths.includes(depth)) return 0;
  let bytes = 0;
  for (const [left, top, across, down] of interlaced ? ADAM7 : ONE_PASS) {
    const columns = Math.max(0, Math.ceil((width - left) / across));
    const rows = Math.max(0, Math.ceil((height - top) / down));
    if (columns > 0) bytes += rows * (1 + Math.ceil((columns * type.values * depth) / 8));
  }
  return bytes;
}

/** The IDAT chunks joined; the library checks the chunks themselves. */
function pixelData(file: Buffer): Buffer {
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") data.push(file.subarray(at + 8, end));
    at = end + 4;
  }
  return Buffer.concat(data);
}
