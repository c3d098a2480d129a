/**
 * Decides how the window starts the daemon: it runs the `vivian` command on the Node that belongs
 * to it, never on its own (Electron's) and never on one from the PATH, and reads the one document
 * that the command answers.
 */

import { join } from "node:path";

import { accept, reject } from "../contract/outcome.ts";
import type { Outcome } from "../contract/outcome.ts";

/** The program that the window belongs to. */
export interface DaemonProgram {
  /** The Node that runs it. */
  readonly node: string;
  /** The command's file. */
  readonly cli: string;
}

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  /** Why it could not be started; empty where it was. */
  readonly failure: string;
}

/** Runs a program to its end. */
export type RunCommand = (
  file: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
) => Promise<CommandEnd>;

/** What the place of the program follows from. */
export interface Surroundings {
  readonly isPackaged: boolean;
  /** Where the package keeps its resources. */
  readonly resources: string;
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
}

/** The longest answer that is read; the real one has some 200 characters. */
const ANSWER_CHARACTERS_MAX = 64 * 1024;

/** Variables that would change what our Node runs, or that Electron and AppImage set for others. */
const FOREIGN = /^(NODE_OPTIONS|NODE_EXTRA_CA_CERTS|NODE_PATH|ELECTRON_.*|LD_PRELOAD)$/;

/**
 * Where the program lies: beside the window in a package; in a tree the starter names it.
 * @rejects SHELL_PROGRAM
 */
export function daemonProgram(around: Surroundings): Outcome<DaemonProgram> {
  const { isPackaged, resources, platform, environment } = around;
  if (isPackaged) {
    const root = join(resources, "vivian");
    const node = join(root, "runtime", platform === "win32" ? "node.exe" : "node");
    return accept({ node, cli: join(root, "src-main", "processes", "cli.ts") });
  }
  const node = environment["VIVIAN_WINDOW_NODE"] ?? "";
  const cli = environment["VIVIAN_WINDOW_CLI"] ?? "";
  return node === "" || cli === "" ? reject("SHELL_PROGRAM") : accept({ node, cli });
}

/** The environment of the daemon: ours without what is meant for the window alone. */
export function daemonEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !FOREIGN.test(name));
  const own = Object.fromEntries(kept);
  // An AppImage points the loader at its own libraries, which our Node must not get.
  if (own["APPIMAGE"] !== undefined) delete own["LD_LIBRARY_PATH"];
  return own;
}

/**
 * Starts the daemon of this user's data folder, or finds the one that runs.
 * @returns the path of its socket
 * @rejects the command's own code; SHELL_START where it said none; SHELL_ANSWER
 */
export async function startDaemon(
  { node, cli }: DaemonProgram,
  environment: NodeJS.ProcessEnv,
  run: RunCommand,
): Promise<Outcome<string>> {
  const words = [cli, "up", "--detach", "--attach", "--json"];
  const end = await run(node, words, daemonEnvironment(environment));
  if (end.failure !== "") return reject("SHELL_START", { reason: end.failure.slice(0, 200) });
  const answer = readAnswer(end.stdout);
  if (end.code === 0) {
    const socket = answer["socket"];
    return typeof socket === "string" && socket !== "" ? accept(socket) : reject("SHELL_ANSWER");
  }
  const error = answer["error"];
  if (typeof error === "object" && error !== null && "code" in error) {
    const { code, facts } = error as { code: unknown; facts?: unknown };
    if (typeof code === "string") return reject(code, plainFacts(facts));
  }
  return reject("SHELL_START", { reason: `exit code ${end.code ?? "unknown"}` });
}

function readAnswer(text: string): Partial<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text.slice(0, ANSWER_CHARACTERS_MAX));
    return typeof document === "object" && document !== null ? { ...document } : {};
  } catch {
    return {};
  }
}

/** The facts that can be shown; anything deeper is left out. */
export function plainFacts(facts: unknown): Record<string, string | number | boolean> {
  if (typeof facts !== "object" || facts === null) return {};
  const shown = Object.entries(facts).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  return Object.fromEntries(shown) as Record<string, string | number | boolean>;
}
