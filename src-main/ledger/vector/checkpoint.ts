/**
 * Decides the text that says how long a ledger is (C2SP tlog-checkpoint): origin, size, and the
 * root in base64, one a line. It is worth nothing without the certificate beside it.
 */

import { bytesEqual, bytesToHex } from "../../contract/bytes.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";

/** What a checkpoint says. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The name of a network's vector: `vivian.` and its genesis hash in hex. */
export function checkpointOrigin(genesisHash: Uint8Array): string {
  return `vivian.${bytesToHex(genesisHash)}`;
}

/** The text of a checkpoint. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${base64(root)}\n`;
}

const FORM = /^([\x21-\x7e]{1,128})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/;

/**
 * Reads a checkpoint; exactly what `checkpointText` writes.
 * @rejects EXPORT_CHECKPOINT
 */
export function readCheckpoint(text: string): Outcome<Checkpoint> {
  const found = FORM.exec(text);
  const size = Number(found?.[2] ?? NaN);
  const root = found === null ? undefined : bytesOf(found[3]);
  if (found === null || root === undefined || !Number.isSafeInteger(size)) {
    return reject("EXPORT_CHECKPOINT", { characters: text.length });
  }
  return accept({ origin: found[1], size, root });
}

/** Whether both say the same. */
export function checkpointsEqual(left: Checkpoint, right: Checkpoint): boolean {
  const named = left.origin === right.origin && left.size === right.size;
  return named && bytesEqual(left.root, right.root);
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648 base64 of 32 bytes. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const have = bytes.length - at;
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += DIGITS[three >> 18] + DIGITS[(three >> 12) & 63];
    text += have > 1 ? DIGITS[(three >> 6) & 63] : "=";
    text += have > 2 ? DIGITS[three & 63] : "=";
  }
  return text;
}

/** The 32 bytes of 44 base64 characters; undefined where the unused bits are not zero. */
function bytesOf(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(33);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    let three = 0;
    for (let digit = 0; digit < 4; digit += 1) {
      const value = text[at + digit] === "=" ? 0 : DIGITS.indexOf(text[at + digit]);
      three = (three << 6) | value;
    }
    bytes[to] = three >> 16;
    bytes[to + 1] = (three >> 8) & 255;
    bytes[to + 2] = three & 255;
  }
  return bytes[32] === 0 ? bytes.slice(0, 32) : undefined;
}
