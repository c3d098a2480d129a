/** Decides how the library is built by which a program gets few threads (few-threads.c). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./few-threads.c", import.meta.url));

/** Runs `work` with the variables of a program that is to get `threads` threads of C++. */
export function withFewThreads<T>(
  compiler: string,
  threads: number,
  work: (variables: NodeJS.ProcessEnv) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "vivian-few-threads-"));
  try {
    const library = join(folder, "few-threads.so");
    const flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", `-DTHREADS=${threads}`];
    execFileSync(compiler, [...flags, "-o", library, SOURCE, "-ldl"], { stdio: "pipe" });
    return work({ ...process.env, LD_PRELOAD: library });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
