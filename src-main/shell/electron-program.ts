/**
 * Decides whether a window can be opened from a tree, and with which Electron: the program that
 * npm's package points to, else one that the package's own installer fetches, once. An installer
 * that failed is not run again by itself, since no start of the work may wait for it twice.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome, Rejection } from "../contract/outcome.ts";

/** What the decision follows from. */
export interface ElectronPlace {
  /** The folder of the package `electron`. */
  readonly folder: string;
  /** Notes for which version an installation failed. */
  readonly note: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs the package's installer; answers why it failed, or empty text. */
export type RunInstaller = (file: string) => Promise<string>;

/** The longest reason that is shown; an installer's own words may be a page long. */
const REASON_CHARACTERS_MAX = 160;

/** Why no window may be opened for this user; null where one may. */
export function userRefusal(platform: NodeJS.Platform, userNumber: number): Rejection | null {
  // Chromium refuses to run as root with its sandbox, and we never run it without.
  return platform === "linux" && userNumber === 0 ? { code: "SHELL_ROOT" } : null;
}

/**
 * Electron's program.
 * @rejects SHELL_ELECTRON with the reason
 */
export async function electronProgram(
  place: ElectronPlace,
  install: RunInstaller,
): Promise<Outcome<string>> {
  const present = presentProgram(place);
  if (present !== null) return accept(present);
  const version = versionOf(place.folder);
  if (version === null) return reject("SHELL_ELECTRON", { reason: "the package is not installed" });
  if (readText(place.note) === version) {
    return reject("SHELL_ELECTRON", { reason: "fetching it has failed before" });
  }
  const failure = await install(join(place.folder, "install.js"));
  const fetched = presentProgram(place);
  if (fetched !== null) return accept(fetched);
  keepNote(place.note, version);
  const reason = failure === "" ? "the installer left nothing" : failure;
  return reject("SHELL_ELECTRON", { reason: reason.slice(0, REASON_CHARACTERS_MAX) });
}

/** The program as the package finds it (its index.js); null where it is not there. */
export function presentProgram({ folder, environment }: ElectronPlace): string | null {
  const named = readText(join(folder, "path.txt"));
  const other = environment["ELECTRON_OVERRIDE_DIST_PATH"] ?? "";
  if (other === "" && named === "") return null;
  const file =
    other === "" ? join(folder, "dist", named) : join(other, named === "" ? "electron" : named);
  return existsSync(file) ? file : null;
}

/** Why a window has ended by itself; null where a person or its starter has closed it. */
export function endRefusal(code: number | null, signal: string | null): Rejection | null {
  if (code === 0 || signal === "SIGTERM") return null;
  const reason = signal ?? `exit code ${code ?? "unknown"}`;
  return { code: "SHELL_WINDOW_ENDED", facts: { reason: reason.slice(0, REASON_CHARACTERS_MAX) } };
}

/** The line of an installer's output that says why it failed. */
export function reasonIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const telling = lines.find((line) => /^\w*Error\b|\bE[A-Z]{4,}\b/.test(line));
  return (telling ?? lines.find((line) => line !== "") ?? "").slice(0, REASON_CHARACTERS_MAX);
}

function versionOf(folder: string): string | null {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      version?: unknown;
    };
    return typeof manifest.version === "string" ? manifest.version : null;
  } catch {
    return null;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

/** A note that cannot be written costs another try the next time, and nothing else. */
function keepNote(file: string, version: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${version}\n`);
  } catch {
    // The disk is full or read-only; whoever needs it says so.
  }
}
