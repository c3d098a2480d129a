import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askPjrtPlugin } from "../../../../src-main/adapters/pjrt/index.ts";
import type { PjrtQuestion, PjrtReport } from "../../../../src-main/adapters/pjrt/index.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const SOURCES = join(ROOT, "native/pjrt");
const FAKE = join(import.meta.dirname, "fake-plugin.c");
const folder = mkdtempSync(join(tmpdir(), "vivian-pjrt-"));
const helper = join(folder, "vivian_pjrt");

// The helper is built from its sources here, so that the test is of them and not of an older build.
beforeAll(() => {
  const files = readdirSync(SOURCES).filter((name) => name.endsWith(".cc"));
  const flags = ["-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror"];
  const sources = files.map((name) => join(SOURCES, name));
  execFileSync("g++", [...flags, ...sources, "-o", helper, "-ldl"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function buildPlugin(defines: readonly string[]): string {
  const file = join(folder, `${["plugin", ...defines].join("-").replaceAll("=", "-")}.so`);
  const flags = ["-shared", "-fPIC", "-O1", "-w", ...defines.map((one) => `-D${one}`)];
  execFileSync("gcc", [...flags, "-o", file, FAKE]);
  return file;
}

function ask(defines: readonly string[], more: Partial<PjrtQuestion> = {}): Promise<PjrtReport> {
  return askPjrtPlugin({ plugin: buildPlugin(defines), ask: "product", helper, ...more });
}

describe.skipIf(process.platform === "win32")("ask-plugin", () => {
  it("lists a plugin's devices without running anything", async () => {
    const report = await ask([], { ask: "list" });
    expect(report.plugin).toMatchObject({ api: "0.90", platform: "fake" });
    expect(report.devices).toMatchObject([
      { id: 7, name: "Fake TPU v9", memoryBytes: 17_179_869_184 },
    ]);
    expect(report).toMatchObject({ products: [], exact: null, failure: null });
  });

  it("finds exact products equal, by its own numbers and by the helper's", async () => {
    const report = await ask([]);
    expect(report.failure).toBeNull();
    expect(report.products.length).toBeGreaterThanOrEqual(6);
    expect(report.exact).toBe(true);
    // Depth 4096 of -128 alone: 2^26, the largest sum of the set.
    expect(report.products).toContainEqual(expect.objectContaining({ depth: 4096, seed: 0 }));
  });

  it("is refused by no plugin of a later version that knows more fields", async () => {
    expect(await ask(["LATER"])).toMatchObject({ exact: true, failure: null });
  });

  it("calls a product that was rounded not exact", async () => {
    const report = await ask(["WRONG"]);
    expect(report.exact).toBe(false);
    expect(report.products.some(({ equal }) => equal)).toBe(true);
  });

  it("is not taken in by what a plugin prints", async () => {
    expect(await ask(["NOISY"])).toMatchObject({ exact: true, failure: null });
  });

  it.each([
    [["IN_USE"], "client", /already in use by process with pid 4242/u],
    [["MAJOR=1"], "version", /speaks PJRT 1\.90/u],
    [["SHORT_TABLE"], "version", /ends too early/u],
    [["NO_FACE"], "load", /no function GetPjrtApi/u],
    [["WITHOUT_DEVICES"], "devices", /no device/u],
    [["CRASH"], "run", /SIGABRT/u],
  ] as const)("says at which stage %s went wrong, and why", async (defines, stage, words) => {
    const { exact, failure } = await ask(defines);
    expect(exact).toBeNull();
    expect(failure?.stage).toBe(stage);
    expect(failure?.message).toMatch(words);
  });

  it("does not wait for a plugin that hangs", async () => {
    const { exact, failure } = await ask(["HANG"], { withinMs: 500 });
    expect(exact).toBeNull();
    expect(failure).toMatchObject({ stage: "run", message: "the plugin did not answer in time" });
  });

  it("fails in words where no process can be begun for it", async () => {
    const report = await askPjrtPlugin({ plugin: "lib\0tpu.so", ask: "list", helper });
    expect(report.failure).toMatchObject({ stage: "run" });
    expect(report.exact).toBeNull();
  });

  it("says that a file is none, and that the helper is missing", async () => {
    const nowhere = { plugin: join(folder, "none.so"), ask: "list", helper } as const;
    expect((await askPjrtPlugin(nowhere)).failure?.stage).toBe("load");
    const none = await askPjrtPlugin({ ...nowhere, helper: join(folder, "none") });
    expect(none.failure?.stage).toBe("helper");
  });
});
