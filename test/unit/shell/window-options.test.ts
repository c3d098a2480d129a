import { describe, expect, it } from "vitest";

import { windowOptions } from "../../../src-main/shell/window-options.ts";

/** What a page of a window must never have; each line is one way to another power. */
const REQUIRED = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
};

describe("windowOptions", () => {
  const options = (inspectable: boolean) => windowOptions({ icon: "icon.png", inspectable });

  it("gives the page a browser's powers and no more", () => {
    expect(options(false).webPreferences).toMatchObject(REQUIRED);
  });

  it("loads nothing of ours into the page", () => {
    expect(options(false).webPreferences).not.toHaveProperty("preload");
    expect(options(false).webPreferences).not.toHaveProperty("enableBlinkFeatures");
    expect(options(false).webPreferences).not.toHaveProperty("additionalArguments");
  });

  it("keeps the session in memory", () => {
    expect(options(false).webPreferences.partition).not.toMatch(/^persist:/);
    expect(options(false).webPreferences.partition).not.toBe("");
  });

  it("has the developer's tools in a tree alone", () => {
    expect(options(false).webPreferences.devTools).toBe(false);
    expect(options(true).webPreferences.devTools).toBe(true);
  });
});
