import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { dataFolder } from "../../../../src-main/processes/config/data-folder.ts";
import { checkFolder, checkKeys } from "../../../../src-main/processes/doctor/check-folders.ts";

const root = mkdtempSync(join(tmpdir(), "vivian-doctor-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = dataFolder(join(root, "data"), "practice");

describe("processes/doctor/check-folders", () => {
  it("is content before the first start", () => {
    expect([checkFolder(folder).verdict, checkKeys(folder).verdict]).toEqual(["ok", "ok"]);
  });

  it.skipIf(process.platform === "win32")(
    "finds what is open to others, and how to close it",
    () => {
      mkdirSync(folder.keys, { recursive: true, mode: 0o700 });
      chmodSync(folder.network, 0o700);
      const key = join(folder.keys, "worker.key");
      writeFileSync(key, "secret", { mode: 0o600 });
      expect([checkFolder(folder).verdict, checkKeys(folder).verdict]).toEqual(["ok", "ok"]);
      chmodSync(key, 0o644);
      const finding = checkKeys(folder);
      expect(finding).toMatchObject({ verdict: "fault", next: `chmod 600 "${key}"` });
      expect(JSON.stringify(finding)).not.toContain("secret");
      chmodSync(folder.network, 0o755);
      expect(checkFolder(folder).next).toBe(`chmod 700 "${folder.network}"`);
    },
  );
});
