import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  isCounter,
  openPackageCounter,
} from "../../../../src-main/adapters/meters/package-counter.ts";
import type { EnergyCounter } from "../../../../src-main/ports/energy-counter.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-powercap-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function domain(id: string, name: string, microjoules: number, range = 1_000_000): void {
  const path = join(folder, id);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "name"), `${name}\n`);
  writeFileSync(join(path, "energy_uj"), `${microjoules}\n`);
  writeFileSync(join(path, "max_energy_range_uj"), `${range}\n`);
}

function opened(): EnergyCounter {
  const counter = openPackageCounter(folder);
  if (!isCounter(counter)) throw new Error(counter.why);
  return counter;
}

describe("adapters/meters/package-counter", () => {
  it("adds up packages, each once, and nothing that lies inside or around them", () => {
    domain("intel-rapl:0", "package-0", 100);
    domain("intel-rapl:0:0", "core", 100);
    domain("intel-rapl:1", "package-1", 100);
    domain("intel-rapl:2", "psys", 100);
    domain("intel-rapl-mmio:0", "package-0", 100);
    const counter = opened();
    expect(counter).toMatchObject({ name: "processor package", tier: "C" });
    expect(counter.joules()).toBe(0);
    for (const id of ["intel-rapl:0:0", "intel-rapl:2", "intel-rapl-mmio:0"])
      domain(id, "core", 900);
    domain("intel-rapl:0", "package-0", 500_100);
    domain("intel-rapl:1", "package-1", 250_100);
    expect(counter.joules()).toBe(0.75);
    expect(counter.joules()).toBe(0.75);
  });

  it("goes on counting where the hardware begins anew", () => {
    domain("intel-rapl:0", "package-0", 900_000);
    const counter = opened();
    domain("intel-rapl:0", "package-0", 100_000);
    expect(counter.joules()).toBe(0.2);
    domain("intel-rapl:0", "package-0", 150_000);
    expect(counter.joules()).toBe(0.25);
  });

  it("says why there is none", () => {
    const why = (path: string) => openPackageCounter(path);
    expect(why(folder)).toEqual({ why: "this processor shows no energy counter here" });
    expect(why(join(folder, "gone"))).toEqual({
      why: "the processor's energy counter cannot be read here",
    });
    domain("intel-rapl:0", "package-0", NaN);
    expect(why(folder)).toEqual({ why: "the processor's energy counter cannot be read here" });
  });

  it("faults where a counter goes while it is read", () => {
    domain("intel-rapl:0", "package-0", 1);
    const counter = opened();
    rmSync(join(folder, "intel-rapl:0"), { recursive: true });
    expect(() => counter.joules()).toThrow(expect.objectContaining({ code: "METERS_COUNTER" }));
  });
});
