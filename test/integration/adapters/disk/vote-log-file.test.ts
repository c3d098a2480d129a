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

  it("takes zeros at the end, and a torn entry behind them, for one that never left", async () => {
    const path = join(folder, "votes");
    const log = openVoteLog(path);
    await log.write(bytes("first"));
    await log.close();
    const held = readFileSync(path);
    for (const tail of [new Uint8Array(8), new Uint8Array(600), Buffer.from([0, 0, 0, 0, 9, 9])]) {
      writeFileSync(path, Buffer.concat([held, tail, Buffer.from("torn")]));
      const again = openVoteLog(path);
      expect(again.last()).toEqual(bytes("first"));
      await again.write(bytes("next"));
      await again.close();
      const next = openVoteLog(path);
      expect(next.last()).toEqual(bytes("next"));
      await next.close();
    }
  });

  it("refuses every flipped bit of an entry before the last, its length too", async () => {
    const path = join(folder, "votes");
    const log = openVoteLog(path);
    await log.write(bytes("first"));
    await log.write(bytes("second"));
    await log.close();
    const held = readFileSync(path);
    for (let bit = 0; bit < 8 * (8 + "first".length); bit += 1) {
      const flipped = Buffer.from(held);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      writeFileSync(path, flipped);
      expect(() => openVoteLog(path), `bit ${bit}`).toThrow(/damaged/);
    }
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
