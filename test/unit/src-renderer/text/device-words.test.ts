import { describe, expect, it } from "vitest";
import { deviceKindSchema } from "../../../../src-main/contract/control-api/device.ts";
import type { Device } from "../../../../src-main/contract/control-api/device.ts";
import { coresText, deviceFacts, kindWords } from "../../../../src-renderer/text/device-words.ts";

const bare: Device = {
  id: "tpu-0",
  kind: "tpu",
  name: "Google TPU v5e",
  vendor: "Google",
  memoryBytes: 17_179_869_184,
  driver: null,
  pciId: "0000:00:05.0",
  uuid: null,
  use: "not-usable",
  engine: null,
  variant: null,
  exact: null,
  cause: "no-engine",
  why: "w",
  next: null,
};

describe("coresText", () => {
  const machine = {
    system: "Debian",
    cpuName: "AMD Ryzen 7 5800X",
    coresPhysical: 8,
    coresLogical: 16,
    coresAvailable: 16,
    memoryBytes: 2 ** 35,
    surroundings: [],
  };

  it("tells cores from threads, and what a container takes away", () => {
    expect(coresText(machine)).toBe("8 cores with 16 threads");
    expect(coresText({ ...machine, coresLogical: 8, coresAvailable: 8 })).toBe("8 cores");
    expect(coresText({ ...machine, coresAvailable: 4 })).toBe(
      "8 cores with 16 threads, 4 of them for this program",
    );
    expect(coresText({ ...machine, coresPhysical: 1, coresLogical: 1, coresAvailable: 1 })).toBe(
      "1 core",
    );
  });
});

describe("device-words", () => {
  it("has words for every kind, each its own", () => {
    const words = deviceKindSchema.options.map((kind) => kindWords(kind));
    expect(new Set(words).size).toBe(deviceKindSchema.options.length);
    expect(words.every((word) => word !== "")).toBe(true);
  });

  it("leaves out what is unknown", () => {
    expect(deviceFacts(bare)).toEqual([
      ["maker", "Google"],
      ["memory", "16.0 GiB"],
      ["bus place", "0000:00:05.0"],
    ]);
    const nothing = { ...bare, vendor: null, memoryBytes: null, pciId: null };
    expect(deviceFacts(nothing)).toEqual([]);
  });
});
