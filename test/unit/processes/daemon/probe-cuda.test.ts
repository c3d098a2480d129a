import { describe, expect, it } from "vitest";
import { readCuda } from "../../../../src-main/processes/daemon/probe-cuda.ts";

const side = { stepsPerSecond: 20, joulesPerStep: null, tier: null, unmetered: "no meter" };
const measured = { speedup: 21.5, metered: false, device: side, processor: side };

const about = { engine: "cuda", vendor: "nvidia", isSoftware: false };

describe("readCuda", () => {
  it("calls a device exact where no op was wrong, and keeps how fast it is", () => {
    const head = { kind: "checked", name: "H100", variant: "H100, compute 9.0" };
    const { name, variant } = head;
    expect(readCuda("", { ...head, wrong: [], measured })).toEqual({
      graphics: { ...about, name, variant, exact: true, reason: null },
      measured,
    });
    expect(readCuda("", { ...head, wrong: [], measured: null })?.measured).toBeNull();
    const endless = { ...measured, speedup: Infinity };
    expect(readCuda("", { ...head, wrong: [], measured: endless })?.measured).toBeNull();
  });

  it("keeps what tells the device from others of its name", () => {
    const own = { uuid: "GPU-2", bus: "0000:0b:00.0" };
    const head = { kind: "checked", name: "H100", variant: "v", measured: null };
    for (const wrong of [[], ["exp"]]) {
      expect(readCuda("", { ...head, ...own, wrong })?.graphics).toMatchObject(own);
    }
  });

  it("names the ops that were wrong, and never how fast they are", () => {
    const message = { kind: "checked", name: "H100", variant: "v", wrong: ["exp"], measured };
    const found = readCuda("", message);
    expect(found?.graphics).toMatchObject({ exact: false, reason: "not exact here: op exp" });
    expect(found?.measured).toBeNull();
  });

  it("knows no device where the driver has none", () => {
    expect(readCuda("", { kind: "absent", reason: "CUDA_ENGINE_ABSENT: no library" })).toBe(
      undefined,
    );
  });

  it("says what failed, under the name that was asked for", () => {
    const failed = { kind: "failed", reason: "CUDA_ENGINE_OLD: the driver serves CUDA 11.0" };
    expect(readCuda("RTX 2070", failed)?.graphics).toMatchObject({
      name: "RTX 2070",
      exact: false,
      reason: "CUDA_ENGINE_OLD: the driver serves CUDA 11.0",
    });
  });

  it("never calls a device exact for a message it cannot read", () => {
    for (const message of [null, 1, {}, { kind: "checked" }, { kind: "checked", name: "H100" }]) {
      expect(readCuda("", message)?.graphics.exact).toBe(false);
    }
  });
});
