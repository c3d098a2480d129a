import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { nativeSha256 } from "../../../src-main/adapters/native-crypto/index.ts";
import { UnitFiles } from "../../../src-main/miner/unit/unit-files.ts";
import type { HeldWork } from "../../../src-main/miner/unit/unit-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-unit-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const digest = (byte: number) => new Uint8Array(32).fill(byte);
const work = (holdout: HeldWork["holdout"]): HeldWork => ({
  salt: digest(1),
  startRoot: digest(2),
  endRoot: digest(3),
  chainHead: digest(4),
  list: [{ stateRoot: digest(5), batchDigest: digest(6) }],
  inners: [digest(7)],
  holdout,
  trainUs: 1n,
  commitUs: 2n,
  spotUs: 3n,
  trainCpuUs: 4n,
});

describe("finished work in a unit's folder", () => {
  it.each([
    ["no hold-out", undefined, "00"],
    ["samples told apart", { correct: 3, total: 260, nats: null }, "010300000004010000"],
    ["a text", { correct: 3, total: 260, nats: 1.5 }, "020300000004010000002f685900000000"],
  ])("is read as it was written, as optional values are: %s", async (_what, holdout, hex) => {
    await new UnitFiles(nativeSha256, folder).writeWork(work(holdout));
    const again = new UnitFiles(nativeSha256, folder);
    expect(again.readWork()).toEqual(work(holdout));
    expect(again.workHolding).toBe("whole");
    const bytes = readFileSync(again.workPath).toString("hex");
    // The last digest before it, then the four times after it.
    expect(bytes).toContain(`${"07".repeat(32)}${hex}0100000000000000`);
  });
});
