/** Decides how the driver library that drives nothing is built for a test (fake-cuda.c). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./fake-cuda.c", import.meta.url));

/** What the library answers; see fake-cuda.c. */
export type FakeAnswers = Readonly<Record<string, number>>;

const COMPILERS = ["gcc", "clang", "cc"];

/** The first C compiler here; undefined where there is none, or libraries are made otherwise. */
export const cCompiler: string | undefined =
  process.platform === "linux"
    ? COMPILERS.find((name) => {
        try {
          execFileSync(name, ["--version"], { stdio: "ignore" });
          return true;
        } catch {
          return false;
        }
      })
    : undefined;

/** Where libraries lie; a loaded one is kept until the process ends. */
const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A library of its own, since what it remembers is one process's. */
export function fakeCuda(answers: FakeAnswers = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "vivian-fake-cuda-"));
  folders.push(folder);
  const library = join(folder, "libcuda.so.1");
  const words = Object.entries(answers).map(([name, value]) => `-D${name}=${value}`);
  const flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library];
  execFileSync(cCompiler ?? "cc", [...flags, ...words, SOURCE], { stdio: "pipe" });
  return library;
}
