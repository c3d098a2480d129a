import { describe, expect, it } from "vitest";
import { readChecked } from "../../../../src-main/processes/daemon/probe-graphics.ts";

const adapter = { name: "Radeon RX 7800", vendor: "amd", isSoftware: false };

describe("readChecked", () => {
  it("calls an adapter exact where no op was wrong", () => {
    const message = { kind: "checked", variant: "Radeon RX 7800, slices", wrong: [] };
    expect(readChecked(adapter, message)).toEqual({
      ...adapter,
      variant: "Radeon RX 7800, slices",
      exact: true,
      reason: null,
    });
  });

  it("names the ops that were wrong, and what failed", () => {
    const wrong = { kind: "checked", variant: "v", wrong: ["exp", "sum"] };
    expect(readChecked(adapter, wrong)).toMatchObject({
      exact: false,
      reason: "not exact here: op exp, sum",
    });
    const failed = { kind: "failed", reason: "WEBGPU_ENGINE_BROKEN: no device" };
    expect(readChecked(adapter, failed)).toMatchObject({
      exact: false,
      reason: "WEBGPU_ENGINE_BROKEN: no device",
    });
  });

  it("never calls an adapter exact for a message it cannot read", () => {
    for (const message of [null, 1, {}, { kind: "checked" }, { kind: "checked", variant: "v" }]) {
      expect(readChecked(adapter, message).exact).toBe(false);
    }
  });
});
