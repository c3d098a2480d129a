import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBlobFiles } from "../../../../src-main/adapters/blobs/index.ts";
import { sha256 } from "../../../../src-main/crypto/index.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-blobs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = new TextEncoder().encode("some state");

describe("blob-files", () => {
  it("keeps bytes under their hash and forgets them", async () => {
    const blobs = openBlobFiles(folder, sha256);
    const hash = await blobs.put(bytes);
    expect(hash).toEqual(sha256(bytes));
    expect(await blobs.put(bytes)).toEqual(hash);
    expect(await openBlobFiles(folder, sha256).get(hash)).toEqual(bytes);
    expect(readdirSync(dirname(blobs.path(hash))).length).toBe(1);
    await blobs.remove(hash);
    await blobs.remove(hash);
    expect([await blobs.has(hash), await blobs.get(hash)]).toEqual([false, undefined]);
  });

  it("refuses a damaged file and mends it when the bytes come again", async () => {
    const blobs = openBlobFiles(folder, sha256);
    const hash = await blobs.put(bytes);
    const damaged = readFileSync(blobs.path(hash));
    damaged[3] ^= 4;
    writeFileSync(blobs.path(hash), damaged);
    await expect(blobs.get(hash)).rejects.toMatchObject({ code: "BLOB_DAMAGED" });
    await blobs.put(bytes);
    expect(await blobs.get(hash)).toEqual(bytes);
  });

  it("says so when the folder is a file", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "x");
    await expect(openBlobFiles(path, sha256).put(bytes)).rejects.toMatchObject({
      code: "BLOB_FAILED",
    });
  });
});
