/**
 * Decides how a PNG file becomes pixels. What the header says is checked before anything is
 * unpacked, so a small file cannot grow to gigabytes; the pixels must be 8 bits or fewer a channel
 * and opaque. Palettes and small depths give the colours they stand for; gamma is not applied.
 */

import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** What a PNG's header says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
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

/** The header of a PNG file; undefined where the file does not begin as one. */
export function readPngHeader(file: Buffer): PngHeader | undefined {
  if (file.length < HEADER_BYTES || !file.subarray(0, 8).equals(SIGNATURE)) return undefined;
  if (file.readUInt32BE(8) !== 13 || file.toString("latin1", 12, 16) !== "IHDR") return undefined;
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  if (width === 0 || height === 0) return undefined;
  return { width, height, depth: file[24], interlaced: file[28] !== 0 };
}

/**
 * The pixels of a PNG file whose header was read and found small, row by row.
 * @returns "damaged" where it does not decode, "transparent" where a pixel is not opaque
 */
export function decodePng(file: Buffer, header: PngHeader): PngPixels | "damaged" | "transparent" {
  if (header.interlaced && !unpacksWithin(file, header)) return "damaged";
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

/**
 * Whether an interlaced image's data unpacks to no more than such an image can hold. The library
 * bounds what it unpacks only where rows are not interlaced.
 */
function unpacksWithin(file: Buffer, { width, height }: PngHeader): boolean {
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") data.push(file.subarray(at + 8, end));
    at = end + 4;
  }
  // Seven passes, each row of each with a filter byte, at most 8 bytes a pixel.
  const maxOutputLength = 8 * width * height + 7 * height;
  try {
    inflateSync(Buffer.concat(data), { maxOutputLength });
    return true;
  } catch {
    return false;
  }
}
