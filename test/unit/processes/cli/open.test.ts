import { describe, expect, it } from "vitest";

import { browserCommand } from "../../../../src-main/processes/cli/open.ts";

describe("browserCommand", () => {
  it("starts nothing where there is no display", () => {
    expect(browserCommand("/run/x.html", "linux", {})).toBe(null);
    expect(browserCommand("/run/x.html", "linux", { DISPLAY: "", WAYLAND_DISPLAY: "" })).toBe(null);
  });

  it("hands the system a file, never an address with a code", () => {
    const display = { DISPLAY: ":0" };
    expect(browserCommand("/run/x.html", "linux", display)).toEqual(["xdg-open", "/run/x.html"]);
    const wayland = { WAYLAND_DISPLAY: "wayland-0" };
    expect(browserCommand("/run/x.html", "linux", wayland)).toEqual(["xdg-open", "/run/x.html"]);
    expect(browserCommand("/x.html", "darwin", {})).toEqual(["open", "/x.html"]);
    expect(browserCommand("C:\\x.html", "win32", {})).toEqual(["explorer.exe", "C:\\x.html"]);
  });
});
