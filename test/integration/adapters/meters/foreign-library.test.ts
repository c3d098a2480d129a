/**
 * The binding to Windows' and macOS' functions, run against a library with the same functions that
 * is built here. It shows that arguments and answers travel as the headers say; not that those
 * systems answer so.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openEmiDevices } from "../../../../src-main/adapters/meters/emi-calls.ts";
import { openAppleSampler } from "../../../../src-main/adapters/meters/ioreport-calls.ts";
import { movedClock, openDescribed } from "../../../worlds/meters/open-described.ts";

const SOURCE = join(import.meta.dirname, "../../../worlds/meters/foreign-library.c");

const hasCompiler = spawnSync("cc", ["--version"]).status === 0;

let folder = "";
let library = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-foreign-"));
  library = join(folder, "foreign.so");
  if (!hasCompiler) return;
  const words = ["-shared", "-fPIC", "-Wno-all", "-o", library, SOURCE];
  const built = spawnSync("cc", words, { encoding: "utf8" });
  expect(built.stderr).toBe("");
});
afterAll(() => rmSync(folder, { recursive: true }));

const counted = (name: string): number => koffi.load(library).func(`int ${name}(void)`)() as number;

describe.skipIf(!hasCompiler)("functions of other systems", () => {
  it("give the energy of Windows' packages, and every handle is closed", async () => {
    const emiDevices = () => openEmiDevices({ manager: library, kernel: library });
    const { needs } = movedClock();
    const meter = await openDescribed({ kind: "windows-emi", id: "emi" }, { ...needs, emiDevices });
    expect(meter.identity.makeModel).toBe("F S");
    expect(counted("opened_handles")).toBe(1);
    expect((await meter.read()).register?.millijoules).toBe(5 * 3_600_000);
    await meter.close();
    expect(counted("opened_handles")).toBe(0);
  });

  it("give the energy of Apple's parts, and let go of every object", async () => {
    const appleSampler = () => openAppleSampler({ core: library, report: library });
    const { needs } = movedClock();
    const meter = await openDescribed({ kind: "ioreport", id: "chip" }, { ...needs, appleSampler });
    const held = counted("live_objects");
    for (let index = 0; index < 3; index += 1) {
      expect((await meter.read()).register?.millijoules).toBe(8_000 + 9_000);
    }
    expect(counted("live_objects")).toBe(held);
    await meter.close();
    expect(counted("live_objects")).toBe(0);
  });
});
