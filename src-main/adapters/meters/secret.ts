/**
 * Decides where a meter's password or token comes from: a file that only its owner reads, or the
 * settings themselves. It is read when it is needed, so a changed file counts at once, and it
 * stands in no fault, log line or identity.
 */

import { readFileSync, statSync } from "node:fs";

import { Fault } from "../../contract/outcome.ts";
import { SECRET_BYTES_MAX } from "./limits.ts";

/** A secret of a description: in a file, or as it is. */
export type Secret = { readonly file: string } | { readonly text: string };

/** Bits of a mode that let others read. */
const OTHERS_READ = 0o077;

/**
 * The secret itself, without the line's end.
 * Throws Fault METERS_SECRET where the file is missing, empty, too long, or open to others.
 */
export function readSecret(secret: Secret, platform: string = process.platform): string {
  if ("text" in secret) return secret.text;
  const { file } = secret;
  let text: string;
  try {
    const { size, mode } = statSync(file);
    // Windows has no such bits; its folders are closed to others by inheritance.
    if (platform !== "win32" && (mode & OTHERS_READ) !== 0) {
      throw new Fault("METERS_SECRET", "others may read the file of a password", { file });
    }
    if (size > SECRET_BYTES_MAX) {
      throw new Fault("METERS_SECRET", "the file of a password is too long", { file });
    }
    text = readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("METERS_SECRET", "the file of a password cannot be read", { file }, error);
  }
  if (text !== "") return text;
  throw new Fault("METERS_SECRET", "the file of a password is empty", { file });
}
