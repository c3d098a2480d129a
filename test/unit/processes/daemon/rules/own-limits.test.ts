import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import { loadConfig } from "../../../../../src-main/processes/config/load-config.ts";
import { OwnLimits } from "../../../../../src-main/processes/daemon/rules/own-limits.ts";
import { NotedLog } from "../../../../worlds/moved-clock.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function open(text: string, isGiven = false) {
  const folder = mkdtempSync(join(tmpdir(), "vivian-limits-"));
  folders.push(folder);
  const file = join(folder, "config.toml");
  writeFileSync(file, text);
  const config = loadConfig(file);
  if (!config.ok) throw new Error(config.rejection.code);
  const { limits } = config.value;
  const own = new OwnLimits({ limits, source: { file, isGiven }, log: new NotedLog() });
  return { own, file, text: () => readFileSync(file, "utf8") };
}

describe("limits of an owner", () => {
  it("hold at once and stand in the file; what is left out stays", () => {
    const { own, file } = open("[mining]\nthreads = 2\n");
    expect(own.set({ device: "cpu", watts: 60 })).toMatchObject({ ok: true });
    expect(own.set({ device: "cpu", pauseCelsius: 70 })).toMatchObject({ ok: true });
    expect(own.set({ device: "gpu-0", on: false })).toMatchObject({ ok: true });
    const limits = [
      { device: "cpu", pauseCelsius: 70, watts: 60, on: true },
      { device: "gpu-0", pauseCelsius: null, watts: null, on: false },
    ];
    expect(own.current()).toEqual(limits);
    const again = loadConfig(file);
    expect(again).toMatchObject({ ok: true, value: { limits, mining: { threads: 2 } } });
    expect(own.set({ device: "cpu", watts: null, pauseCelsius: null })).toMatchObject({ ok: true });
    expect(own.of("cpu")).toMatchObject({ pauseCelsius: null, watts: null });
  });

  it("change nothing where they are refused", () => {
    const { own, text } = open('[[limits]]\ndevice = "cpu"\nwatts = 60\n');
    const before = text();
    const looser = own.set({ device: "cpu", pauseCelsius: 84 });
    expect(looser).toMatchObject({ ok: false, rejection: { code: "PROCESSES_CONFIG_VALUE" } });
    expect(own.set({ device: "cpu", watts: 0 })).toMatchObject({ ok: false });
    expect([text(), own.of("cpu").watts]).toEqual([before, 60]);
  });

  it("are refused where the settings come from a file that is only read", () => {
    const { own, text } = open('[[limits]]\ndevice = "cpu"\nwatts = 60\n', true);
    const refused = own.set({ device: "cpu", watts: 50 });
    expect(refused).toMatchObject({ ok: false, rejection: { code: "PROCESSES_CONFIG_GIVEN" } });
    expect([text().includes("60"), own.of("cpu").watts]).toEqual([true, 60]);
  });
});
