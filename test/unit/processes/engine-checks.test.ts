import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkKey,
  checksFileIn,
  checksFileOf,
  findCheck,
  keepCheck,
} from "../../../src-main/processes/engine-checks.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "engine-checks.json");

const check = { wide: "matrices", narrow: "bytes", checkedMs: 1_000 };

describe("engine-checks", () => {
  it("remembers a check for a day, by adapter and driver", () => {
    const key = checkKey("NVIDIA H100, driver 1");
    expect(checkKey("NVIDIA H100, driver 1")).toBe(key);
    expect(checkKey("NVIDIA H100, driver 2")).not.toBe(key);
    keepCheck(file, key, check);
    expect(findCheck(file, key, 1_000)).toEqual(check);
    expect(findCheck(file, key, 1_000 + 86_399_999)).toEqual(check);
    expect(findCheck(file, key, 1_000 + 86_400_000)).toBeUndefined();
    // A clock that was set back makes it no younger.
    expect(findCheck(file, key, 999)).toBeUndefined();
    expect(findCheck(file, checkKey("NVIDIA H100, driver 2"), 1_000)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(["engine-checks.json"]);
  });

  it("keeps the newest, and no more than a machine has use for", () => {
    for (let i = 0; i < 40; i += 1) keepCheck(file, `key ${i}`, check);
    expect(findCheck(file, "key 23", 1_000)).toBeUndefined();
    expect(findCheck(file, "key 24", 1_000)).toEqual(check);
  });

  it("remembers what was measured, and no check whose figures are unreadable", () => {
    const side = { stepsPerSecond: 9, joulesPerStep: 0.5, tier: "B", unmetered: null } as const;
    const beside = { speedup: 3, metered: true, device: side, processor: side };
    keepCheck(file, "measured", { ...check, measured: { 4: beside } });
    expect(findCheck(file, "measured", 1_000)?.measured?.["4"]).toEqual(beside);
    const measured = { 4: { ...beside, speedup: "3" } };
    writeFileSync(file, JSON.stringify({ measured: { ...check, measured } }));
    expect(findCheck(file, "measured", 1_000)).toBeUndefined();
  });

  it("remembers nothing of what it cannot read", () => {
    for (const text of [
      "",
      "{",
      "null",
      "[1]",
      '{"k":{"wide":1}}',
      '{"k":{"wide":"a","narrow":"b"}}',
    ]) {
      writeFileSync(file, text);
      expect(findCheck(file, "k", 1_000)).toBeUndefined();
    }
    keepCheck(file, "k", check);
    expect(findCheck(file, "k", 1_000)).toEqual(check);
    keepCheck(join(folder, "absent", "file"), "k", check);
  });

  it("finds the file of a network from a unit's folder in it, and from no other", () => {
    expect(checksFileOf(join(folder, "units", "abc"))).toBe(checksFileIn(folder));
    expect(checksFileOf(join(folder, "elsewhere", "abc"))).toBeUndefined();
  });
});
