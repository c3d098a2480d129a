/** Builds the stand-in for NVIDIA's library with the trouble that a test wants. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";

const SOURCE = join(import.meta.dirname, "fake-nvml.c");

/** Compiles it into the folder. @param defines such as "LOST" or "INIT_CODE=18" */
export function buildFake(folder: string, defines: readonly string[] = []): string {
  const name = ["fake", ...defines].join("-").replaceAll("=", "-");
  const library = join(folder, `lib${name}.so`);
  const flags = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-O1"];
  execFileSync("gcc", [...flags, ...defines.map((one) => `-D${one}`), "-o", library, SOURCE]);
  return library;
}
