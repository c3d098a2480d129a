import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openVoteLog } from "../../../../src-main/adapters/disk/index.ts";
import { recordingDisk } from "./recording-disk.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-votes-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe("vote-log-file", () => {
  it("answers the newest entry after a restart, past a torn end", async () => {
    const path = join(folder, "votes");
    const log = openVoteLog(path);
    expect(log.last()).toBeUndefined();
    await log.write(bytes("first"));
    await log.write(bytes("second"));
    await log.close();
    appendFileSync(path, Uint8Array.of(200, 0, 0, 0, 1, 2, 3, 4, 5));
    const again = openVoteLog(path);
    expect(again.last()).toEqual(bytes("second"));
    await again.write(bytes("third"));
    await again.close();
    expect(openVoteLog(path).last()).toEqual(bytes("third"));
  });

  it("refuses to go on when an entry before the last is damaged", async () => {
    const path = join(folder, "votes");
    const log = openVoteLog(path);
    await log.write(bytes("first"));
    await log.write(bytes("second"));
    await log.close();
    const held = readFileSync(path);
    held[10] ^= 1;
    writeFileSync(path, held);
    expect(() => openVoteLog(path)).toThrow(/damaged/);
  });

  it("syncs before it acknowledges, also when it is rewritten", async () => {
    const disk = recordingDisk();
    const path = join(folder, "votes");
    const log = openVoteLog(path, disk.files);
    const large = new Uint8Array(1_500_000).fill(3);
    for (let round = 0; round < 4; round += 1) {
      disk.calls.length = 0;
      await log.write(large);
      expect(disk.calls.at(-1)).toMatch(/sync$/);
    }
    expect(readFileSync(path).length).toBeLessThan(4_194_304);
    await log.close();
    expect(openVoteLog(path).last()).toEqual(large);
  });
});
