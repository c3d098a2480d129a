import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileModule, openKernels } from "../../../../src-main/adapters/wasm-engine/kernels.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "none";
}

describe("kernels", () => {
  it("open with memory of their own each time", () => {
    expect(openKernels().memory).not.toBe(openKernels().memory);
  });

  it("are refused where the module is missing or damaged", () => {
    const folder = mkdtempSync(join(tmpdir(), "vivian-wasm-"));
    const path = join(folder, "kernels.wasm");
    expect(codeOf(() => compileModule(path))).toBe("WASM_ENGINE_BROKEN");
    writeFileSync(path, Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0));
    expect(codeOf(() => compileModule(path))).toBe("WASM_ENGINE_BROKEN");
    rmSync(folder, { recursive: true, force: true });
  });
});
