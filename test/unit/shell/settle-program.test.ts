import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { settleProgram } from "../../../src-main/shell/settle-program.ts";

describe("settleProgram", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "vivian-settle-"));
    mkdirSync(join(root, "resources", "vivian", "runtime"), { recursive: true });
    const node = join(root, "resources", "vivian", "runtime", "node");
    writeFileSync(node, "the Node");
    chmodSync(node, 0o755);
    writeFileSync(join(root, "image"), "");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Settles as an image that was made at a time, in seconds. */
  const settle = (version: string, madeAt = 1_000) => {
    const image = join(root, "image");
    utimesSync(image, madeAt, madeAt);
    const resources = join(root, "resources");
    return settleProgram({ resources, image, version, ownFolder: join(root, "own") });
  };

  it("leaves a program where it is installed", () => {
    const resources = join(root, "resources");
    const wish = { resources, image: "", version: "1.0.0", ownFolder: join(root, "own") };
    expect(settleProgram(wish)).toBe(resources);
    expect(existsSync(join(root, "own"))).toBe(false);
  });

  it("copies an image's program out of the mount, whole and runnable, once", () => {
    const settled = settle("1.0.0");
    const node = join(settled, "vivian", "runtime", "node");
    expect(readFileSync(node, "utf8")).toBe("the Node");
    expect(statSync(node).mode & 0o111).toBe(0o111);
    writeFileSync(join(root, "resources", "vivian", "runtime", "node"), "another");
    expect(settle("1.0.0")).toBe(settled);
    expect(readFileSync(node, "utf8")).toBe("the Node");
  });

  it("takes an image that was made anew for another one", () => {
    expect(settle("1.0.0", 2_000)).not.toBe(settle("1.0.0", 1_000));
  });

  it("keeps the program that an older daemon may run from, and no more", () => {
    const paths = ["1.0.0", "1.1.0", "1.2.0"].map((version, index) => {
      const settled = settle(version);
      // As if time had passed between them.
      if (index < 2) utimesSync(settled, 1_000 + index, 1_000 + index);
      return settled;
    });
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, true]);
  });

  it("leaves nothing half copied under the name of a whole one", () => {
    rmSync(join(root, "resources", "vivian"), { recursive: true });
    expect(() => settle("1.0.0")).toThrow(/ENOENT/);
    expect(readdirSync(join(root, "own", "programs")).join()).toMatch(/\.partial$/);
    mkdirSync(join(root, "resources", "vivian"));
    expect(existsSync(join(settle("1.0.0"), "vivian"))).toBe(true);
  });
});
