/** A probe is a process of its own: its answer counts, and nothing of it is left behind. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { askProbe } from "../../../src-main/processes/daemon/ask-probe.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-probe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function probe(name: string, text: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("askProbe", () => {
  it("ends a probe that has answered and does not end, as drivers do at their exit", async () => {
    const file = probe("stays", "process.send(process.pid); setInterval(() => {}, 1000);");
    const answer = await askProbe(file, []);
    const pid = "message" in answer ? (answer.message as number) : 0;
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => runs(pid), { timeout: 10_000, interval: 20 }).toBe(false);
  });

  it("hears an answer also of a probe that ends with it", async () => {
    const file = probe("ends", "process.send('well', () => process.exit(0));");
    expect(await askProbe(file, [])).toEqual({ message: "well" });
  });

  it("says how a probe ended that gave no answer, and why it could not begin", async () => {
    const file = probe(
      "crashes",
      "process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 9);",
    );
    expect(await askProbe(file, [])).toEqual({ failed: "its self check ended with SIGSEGV" });
    const silent = probe("silent", "process.exitCode = 3;");
    expect(await askProbe(silent, [])).toEqual({ failed: "its self check ended with exit code 3" });
  });

  it("is ended at once where the daemon stops, also where it had stopped before", async () => {
    const file = probe("hangs", "setInterval(() => {}, 1000);");
    const stop = new AbortController();
    const asked = askProbe(file, [], stop.signal);
    stop.abort();
    expect(await asked).toEqual({ failed: "the daemon was stopped" });
    expect(await askProbe(file, [], stop.signal)).toEqual({ failed: "the daemon was stopped" });
  });
});
