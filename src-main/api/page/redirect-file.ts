/**
 * Decides how a code reaches the owner's browser: in a file that only the owner can read. On a
 * command line every user of the machine could see it.
 */

import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Fault } from "../../contract/outcome.ts";
import { CODE_LIFE_MS } from "../limits.ts";

const NAME = /^vivian-open-[0-9a-f]{16}\.html$/;

/** Where and what. */
export interface Redirect {
  /** A folder of the owner's alone. */
  readonly folder: string;
  /** 8 random bytes. */
  readonly nameBytes: Uint8Array;
  /** The page's address with the code in its fragment, which no server is ever sent. */
  readonly target: string;
}

/** Writes the file and answers its path. Throws Fault API_OPEN_FILE. */
export function writeRedirect({ folder, nameBytes, target }: Redirect): string {
  const file = join(folder, `vivian-open-${Buffer.from(nameBytes).toString("hex")}.html`);
  try {
    // "wx": a file that somebody else has put there is not written into.
    writeFileSync(file, redirectText(target), { mode: 0o600, flag: "wx" });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Fault("API_OPEN_FILE", `${file}: ${reason}`, { folder, reason }, error);
  }
  return file;
}

/** Removes files whose codes are too old to count; a daemon that was killed leaves them. */
export function removeOldRedirects(folder: string, nowMs: number): void {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => NAME.test(name));
  } catch {
    return;
  }
  for (const name of names) {
    const file = join(folder, name);
    try {
      if (nowMs - statSync(file).mtimeMs > CODE_LIFE_MS) rmSync(file, { force: true });
    } catch {
      // Gone already, or somebody else's: either way its code does not count here.
    }
  }
}

function redirectText(target: string): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="referrer" content="no-referrer">',
    `<meta http-equiv="refresh" content="0; url=${target}">`,
    "<title>VIVIAN Miner</title>",
    `<p><a href="${target}">Open VIVIAN Miner</a>. This link counts once, for a minute.</p>`,
    "</html>",
    "",
  ].join("\n");
}
