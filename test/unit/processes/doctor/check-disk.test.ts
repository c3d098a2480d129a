import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataFolder } from "../../../../src-main/processes/config/data-folder.ts";
import { checkSpace, checkSync } from "../../../../src-main/processes/doctor/check-disk.ts";

const root = mkdtempSync(join(tmpdir(), "vivian-doctor-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const GIB = 2 ** 30;

describe("processes/doctor/check-disk", () => {
  it("judges the room that is left", () => {
    const folder = dataFolder(join(root, "later"), "practice");
    const verdicts = [10 * GIB, GIB, 1_000].map((free) => checkSpace(folder, () => free).verdict);
    expect(verdicts).toEqual(["ok", "attention", "fault"]);
  });

  it("asks the nearest folder that is there, and says what the system refuses", () => {
    const folder = dataFolder(join(root, "a", "b"), "practice");
    const asked: string[] = [];
    checkSpace(folder, (path) => {
      asked.push(path);
      return GIB;
    });
    expect(asked).toEqual([root]);
    const refused = checkSpace(folder, () => {
      throw Object.assign(new Error("no"), { code: "EACCES" });
    });
    expect(refused.verdict).toBe("fault");
    expect(refused.text).toContain("PROCESSES_HOME");
  });

  it("measures a sync and leaves nothing behind", () => {
    const folder = dataFolder(join(root, "data"), "practice");
    expect(checkSync(folder).text).toContain("not measured");
    mkdirSync(folder.network, { recursive: true });
    expect(checkSync(folder).text).toMatch(/^\d+\.\d ms to write/);
    expect(readdirSync(folder.network)).toEqual([]);
  });
});
