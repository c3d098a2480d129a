import { describe, expect, it } from "vitest";

import { dataFolder, dataHome } from "../../../../src-main/processes/config/data-folder.ts";

describe.skipIf(process.platform === "win32")("dataHome", () => {
  it("takes VIVIAN_HOME first, made absolute", () => {
    expect(dataHome({ VIVIAN_HOME: "/data/v" }, "linux", "/home/ada")).toBe("/data/v");
    expect(dataHome({ VIVIAN_HOME: "v" }, "linux", "/home/ada")).toBe(`${process.cwd()}/v`);
  });

  it("takes the system's place for data otherwise, empty variables not counting", () => {
    expect(dataHome({}, "linux", "/home/ada")).toBe("/home/ada/.local/share/vivian");
    expect(dataHome({ XDG_DATA_HOME: "/x", VIVIAN_HOME: "" }, "linux", "/home/ada")).toBe(
      "/x/vivian",
    );
    expect(dataHome({}, "darwin", "/Users/ada")).toBe(
      "/Users/ada/Library/Application Support/VIVIAN",
    );
    expect(dataHome({ LOCALAPPDATA: "/L" }, "win32", "/u")).toBe("/L/VIVIAN");
  });
});

describe("dataFolder", () => {
  it("gives each network its own folder and shares the config", () => {
    const practice = dataFolder("/d", "practice");
    const devnet = dataFolder("/d", "devnet");
    expect(practice.config).toBe(devnet.config);
    expect(practice.keys).not.toBe(devnet.keys);
  });
});
