import { describe, expect, it, vi } from "vitest";

/** What the module under test makes of Electron; hoisted, because it runs as it is imported. */
const electron = vi.hoisted(() => {
  const acts: unknown[] = [];
  const app = {
    isPackaged: true,
    setPath: (name: string, path: string) => void acts.push([name, path]),
    requestSingleInstanceLock: () => false,
    quit: () => void acts.push("quit"),
    exit: (code: number) => void acts.push(["exit", code]),
    on: () => app,
  };
  return { acts, app };
});

vi.mock("electron", () => ({
  app: electron.app,
  BrowserWindow: class {},
  Menu: {},
  nativeImage: {},
  Tray: class {},
}));

describe("main", () => {
  it("gives each data folder a window of its own, before it asks for the lock", async () => {
    vi.stubEnv("VIVIAN_HOME", "/data");
    await import("../../../src-main/shell/main.ts");
    expect(electron.acts).toEqual([["userData", expect.stringMatching(/data.window$/)], "quit"]);
    vi.unstubAllEnvs();
  });
});
