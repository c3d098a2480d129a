import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { LogFile } from "../../../src-main/processes/daemon/log-file.ts";
import type { LogOptions } from "../../../src-main/processes/daemon/log-file.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vivian-log-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = (changes: Partial<LogOptions> = {}) =>
  new LogFile({ folder, level: "info", bytesMax: 1_000, filesMax: 3, echo: null, ...changes });

describe("LogFile", () => {
  it("writes one line per event, whatever the event holds", () => {
    const file = log();
    file.warn("a\nb", { path: "/x y", count: 3 });
    const lines = readFileSync(file.file, "utf8").split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/Z warn {2}a \| b path="\/x y" count=3$/);
  });

  it("keeps the level and what is above it", () => {
    const heard: string[] = [];
    const file = log({ level: "warn", echo: (line) => heard.push(line) });
    file.info("quiet");
    file.error("loud");
    expect(heard).toHaveLength(1);
    expect(readFileSync(file.file, "utf8")).not.toContain("quiet");
  });

  it("begins a new file when one is full, keeps the newest and no more than it may", () => {
    const file = log();
    for (let event = 0; event < 100; event += 1) file.info(`event ${event}`);
    const names = readdirSync(folder);
    expect(names).toHaveLength(3);
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1_000);
    expect(readFileSync(file.file, "utf8")).toContain("event 99");
  });

  it("goes on in the file it finds", () => {
    const first = log();
    first.info("before");
    first.close();
    log().info("after");
    expect(readFileSync(first.file, "utf8")).toMatch(/before\n.*after\n$/);
  });

  it("does not throw where nothing can be written", () => {
    const file = log({ folder: join(folder, "missing") });
    expect(() => file.error("lost")).not.toThrow();
  });
});
