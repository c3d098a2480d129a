import { describe, expect, it } from "vitest";
import { deviceKindSchema } from "../../../../src-main/contract/control-api/device.ts";
import type { Device } from "../../../../src-main/contract/control-api/device.ts";
import { deviceFacts, kindWords } from "../../../../src-renderer/text/device-words.ts";

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
      ["place", "0000:00:05.0"],
    ]);
    const nothing = { ...bare, vendor: null, memoryBytes: null, pciId: null };
    expect(deviceFacts(nothing)).toEqual([]);
  });
});
