import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cudaKernels } from "../../../src-main/adapters/native-engine/index.ts";

/** What the build program offers; it is plain JavaScript. */
interface Build {
  readonly NOTE_FILE: string;
  buildKernels(capability: number): string;
  compiler(): string | undefined;
  hashOf(text: string): string;
}

const url = new URL("../../../native/cuda/build.mjs", import.meta.url).href;
const { NOTE_FILE, buildKernels, compiler, hashOf } = (await import(url)) as Build;

interface Note {
  readonly compiler: string;
  readonly sha256: Readonly<Record<string, string>>;
}

const note = JSON.parse(readFileSync(NOTE_FILE, "utf8")) as Note;
const found = compiler();
const isSame = found === note.compiler;
if (!isSame) {
  console.log(
    `CUDA kernels are not built again: made by ${note.compiler}, here ${found ?? "none"}`,
  );
}

/** Devices from Turing to Blackwell, by the text that each gets. */
const DEVICES: Readonly<Record<number, readonly number[]>> = {
  75: [75],
  80: [80, 86, 89, 90, 100, 120],
};

describe("the kernels for CUDA devices", () => {
  it.each(cudaKernels())("of capability $capability are those of the note", (kernels) => {
    expect(hashOf(kernels.text)).toBe(note.sha256[kernels.capability]);
  });

  it.each(cudaKernels())("of capability $capability round as written", ({ text }) => {
    expect(text).toMatch(/^\.version 7\.8$/mu);
    // Nothing is contracted, flushed or approximated; tensor cores multiply bytes alone.
    expect(text).not.toMatch(/\bfma\.|\.ftz|\.approx|div\.full|\bex2\b|\blg2\b/u);
    for (const multiply of text.match(/mma\.sync\.\S+/gu) ?? []) {
      expect(multiply).toMatch(/s32\.s8\.s8\.s32$/u);
    }
    expect(text).toMatch(/div\.rn\.f32/u);
    expect(text).toMatch(/sqrt\.rn\.f32/u);
  });

  it.skipIf(!isSame).each(cudaKernels())(
    "of capability $capability are what their sources give",
    ({ capability, text }) => {
      expect(buildKernels(capability)).toBe(text);
    },
    120_000,
  );

  it.skipIf(!isSame).each(cudaKernels())(
    "of capability $capability are assembled for every device they are for",
    ({ capability, text }) => {
      const folder = mkdtempSync(join(tmpdir(), "vivian-ptx-"));
      const file = join(folder, "kernels.ptx");
      writeFileSync(file, text);
      for (const device of DEVICES[capability]) {
        const words = [`-arch=sm_${device}`, file, "-o", join(folder, "kernels.cubin")];
        execFileSync("ptxas", words, { stdio: "pipe" });
      }
      rmSync(folder, { recursive: true, force: true });
    },
    240_000,
  );
});
