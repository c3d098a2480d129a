import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "../../../src-main/contract/bytes.ts";
import { sha256 } from "../../../src-main/crypto/index.ts";
import { VECTORS_DIGEST, profileId } from "../../../src-main/engine/profile-id.ts";

describe("profileId", () => {
  it("names exactly the vectors of this repository", () => {
    const folder = new URL("../../vectors/engine/", import.meta.url);
    const hash = createHash("sha256");
    for (const file of readdirSync(folder).sort((a, b) => (a < b ? -1 : 1))) {
      const text = readFileSync(new URL(file, folder), "utf8").replaceAll("\r\n", "\n");
      hash.update(`${file}\n${text}\n`);
    }
    expect(VECTORS_DIGEST).toBe(hash.digest("hex"));
  });

  it("is a digest", () => {
    expect(bytesToHex(profileId(sha256))).toMatch(/^[0-9a-f]{64}$/);
  });
});
