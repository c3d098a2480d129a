/** Decides how the machine is named that figures come from. */

import { execFileSync } from "node:child_process";
import { arch, availableParallelism, cpus, loadavg, platform } from "node:os";
import { fileURLToPath } from "node:url";
import { nativeBackends } from "../../src-main/adapters/native-engine/index.ts";

/** What a figure depends on besides the program. */
export interface MachineLine {
  readonly machine: string;
  readonly system: string;
  readonly cores: number;
  readonly levels: readonly string[];
  readonly node: string;
  readonly commit: string;
  /** Runnable processes over the last minute, before the run. */
  readonly load: number;
}

/** The machine now. */
export function machineLine(): MachineLine {
  const probe = nativeBackends();
  return {
    machine: cpus()[0]?.model ?? "unknown processor",
    system: `${platform()} ${arch()}`,
    cores: availableParallelism(),
    levels: probe.available ? probe.levels : [],
    node: process.version,
    commit: commit(),
    load: loadavg()[0],
  };
}

/** The commit, with a plus sign where files differ from it. */
function commit(): string {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const git = (...words: string[]): string =>
    execFileSync("git", words, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no").trim() !== "";
    return git("rev-parse", "--short", "HEAD").trim() + (changed ? "+" : "");
  } catch {
    return "unknown";
  }
}
