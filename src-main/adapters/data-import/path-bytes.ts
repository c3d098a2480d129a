/**
 * Decides how files are named inside an import. A name on disk is bytes, not always UTF-8, so a
 * name is held as text with one character per byte (latin1): comparing two names compares their
 * bytes, no locale has a say, and the very bytes go back to the system.
 */

import { SHOWN_CHARACTERS_MAX } from "./limits.ts";

const SLASH = Buffer.from("/");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What would break a line, hide text or turn its direction in a terminal. */
const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

/** A path as the system takes it. */
export function pathBytes(path: string): Buffer {
  return Buffer.from(path, "utf8");
}

/** The path of a folder's entry; `name` has one character per byte. */
export function entryPath(folder: Buffer, name: string): Buffer {
  return Buffer.concat([folder, SLASH, Buffer.from(name, "latin1")]);
}

/** Orders names by their bytes. */
export function byBytes(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Bytes as people read them; what is not UTF-8 or not printable is written as \xNN. */
export function shownBytes(bytes: Uint8Array): string {
  try {
    return shownText(utf8.decode(bytes), Number.POSITIVE_INFINITY);
  } catch {
    return Buffer.from(bytes)
      .toString("latin1")
      .replace(/[^ -~]/g, escaped);
  }
}

/** A name with one character per byte, as people read it. */
export function shownName(name: string): string {
  return shownBytes(Buffer.from(name, "latin1"));
}

/** Foreign text on one line, cut to a readable length. */
export function shownText(text: string, charactersMax = SHOWN_CHARACTERS_MAX): string {
  const whole = text.toWellFormed();
  const cut = whole.length > charactersMax ? `${whole.slice(0, charactersMax)}…` : whole;
  return cut.toWellFormed().replace(UNSHOWABLE, escaped);
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
