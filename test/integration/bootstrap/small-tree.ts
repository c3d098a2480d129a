/**
 * Builds a small tree around the real bootstrap: a space in its path, an npm that does as it is
 * told instead of reaching a registry, and a program that says how it was started.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const sources = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "src-main");

/** The stand-in for npm: installs nothing, counts its runs. */
export const NPM_INSTALLS = `
  import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
  appendFileSync("npm-runs", "run\\n");
  mkdirSync("node_modules", { recursive: true });
  writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: {} }));
`;

const PROGRAM = `
  const args: string[] = process.argv.slice(2);
  if (args.includes("stay")) {
    const { writeFileSync } = await import("node:fs");
    process.on("SIGTERM", () => {
      writeFileSync("stopped", "SIGTERM");
      process.exit(9);
    });
    setInterval(() => undefined, 1000);
  }
  console.log(JSON.stringify({ args, addon: process.env.VIVIAN_ADDON }));
  if (args.includes("fail")) process.exitCode = 7;
`;

/** What a run ended with. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A tree in a temporary folder. */
export class SmallTree {
  readonly root: string;
  readonly #folder: string;

  constructor(npm: string = NPM_INSTALLS) {
    this.#folder = mkdtempSync(join(tmpdir(), "vivian set-up "));
    this.root = join(this.#folder, "a tree");
    for (const part of ["bootstrap", "bootstrap.mjs", "bin"]) {
      cpSync(join(sources, part), join(this.root, "src-main", part), { recursive: true });
    }
    this.write("src-main/processes/cli.ts", PROGRAM);
    this.write("package.json", JSON.stringify({ name: "a-tree", type: "module" }));
    this.write("package-lock.json", JSON.stringify({ lockfileVersion: 3, packages: { "": {} } }));
    this.useNpm(npm);
  }

  /** Replaces what npm does from now on. */
  useNpm(script: string): void {
    this.write("npm/package.json", JSON.stringify({ type: "module" }));
    this.write("npm/npm-cli.js", script);
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Starts the bootstrap from a folder that is not the tree's. */
  start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    node: string = process.execPath,
  ): ChildProcess {
    const all = { ...this.environment(), ...env };
    const file = join(this.root, "src-main", "bootstrap.mjs");
    return spawn(node, [file, ...args], { cwd: this.#folder, env: all });
  }

  /** Runs the bootstrap to its end. */
  run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    node: string = process.execPath,
  ): Promise<Ended> {
    return ended(this.start(args, env, node));
  }

  environment(): Record<string, string> {
    return {
      HOME: this.#folder,
      PATH: process.env["PATH"] ?? "",
      npm_execpath: join(this.root, "npm", "npm-cli.js"),
      npm_node_execpath: process.execPath,
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Resolves when a process has ended, with all it said. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Resolves when `holds` does; looks every few milliseconds and gives up with a name. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
