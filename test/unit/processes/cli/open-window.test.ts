import { describe, expect, it } from "vitest";

import { hasDisplay, wantsWindow } from "../../../../src-main/processes/cli/open-window.ts";

describe("wantsWindow", () => {
  const wish = {
    isWanted: true,
    isPassing: false,
    platform: "linux" as const,
    environment: { DISPLAY: ":0" },
  };

  it("holds where there is a display and somebody who stays", () => {
    expect(wantsWindow(wish)).toBe(true);
    expect(wantsWindow({ ...wish, environment: { WAYLAND_DISPLAY: "wayland-0" } })).toBe(true);
    expect(wantsWindow({ ...wish, platform: "darwin", environment: {} })).toBe(true);
    expect(wantsWindow({ ...wish, environment: { DISPLAY: ":0", CI: "false" } })).toBe(true);
  });

  it("does not hold for a command that ends by itself, for a robot, or against the owner", () => {
    expect(wantsWindow({ ...wish, isPassing: true })).toBe(false);
    expect(wantsWindow({ ...wish, isWanted: false })).toBe(false);
    expect(wantsWindow({ ...wish, environment: { DISPLAY: ":0", CI: "true" } })).toBe(false);
    expect(wantsWindow({ ...wish, platform: "win32", environment: { CI: "1" } })).toBe(false);
  });

  it("does not hold where Linux has no display", () => {
    expect(wantsWindow({ ...wish, environment: {} })).toBe(false);
    expect(wantsWindow({ ...wish, environment: { DISPLAY: "" } })).toBe(false);
    expect(hasDisplay("linux", { DISPLAY: "", WAYLAND_DISPLAY: "" })).toBe(false);
  });
});
