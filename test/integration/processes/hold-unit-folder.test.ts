import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../../src-main/adapters/disk/index.ts";
import { holdUnitFolder } from "../../../src-main/processes/hold-unit-folder.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "vivian-hold-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a unit's folder", () => {
  it("waits for the worker that has it, and is had once that one ends", async () => {
    const other = lockFolder(join(folder, "lock"));
    let held = false;
    const holding = holdUnitFolder(folder).then(() => (held = true));
    await setTimeout(150);
    expect(held).toBe(false);
    other.release();
    await holding;
    expect(() => lockFolder(join(folder, "lock"))).toThrow(
      expect.objectContaining({ code: "STORE_LOCKED" }),
    );
  });

  it("does not wait for a lock that cannot be taken at all", async () => {
    await expect(holdUnitFolder(join(folder, "lock", "\0"))).rejects.toThrow();
  });
});
