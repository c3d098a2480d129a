import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, describe, expect, it } from "vitest";

import { openServiceNotifier } from "../../../../src-main/adapters/host/index.ts";
import { DatagramListener, noListener } from "./datagram-listener.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-notify-"));
const listeners: DatagramListener[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.end();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (noListener !== "") console.warn(`skipped: ${noListener}`);

async function listening(name: string): Promise<DatagramListener> {
  const listener = new DatagramListener(name);
  listeners.push(listener);
  await listener.bound;
  return listener;
}

describe.skipIf(noListener !== "")("openServiceNotifier", () => {
  it("delivers one datagram to a path and to an abstract name", async () => {
    for (const name of [join(folder, "notify"), `@vivian-test-${process.pid}`]) {
      const listener = await listening(name);
      const notifier = openServiceNotifier(name);
      expect(notifier?.tell(["READY=1", "STATUS=well, thanks"]), name).toBe(true);
      await expect.poll(() => listener.heard).toEqual(["READY=1", "STATUS=well, thanks"]);
      notifier?.close();
      notifier?.close();
      expect(notifier?.tell(["WATCHDOG=1"])).toBe(false);
    }
  });

  it("says that nobody took it where nobody listens, and never throws or waits", () => {
    const notifier = openServiceNotifier(join(folder, "nobody"));
    expect(notifier?.tell(["READY=1"])).toBe(false);
    expect(notifier?.tell(["x".repeat(4_096)])).toBe(false);
    notifier?.close();
  });

  it("does not wait for a listener whose queue is full", async () => {
    const name = join(folder, "full");
    const listener = await listening(name);
    listener.suspend();
    const notifier = openServiceNotifier(name);
    let delivered = 0;
    while (delivered < 100_000 && notifier?.tell(["WATCHDOG=1"]) === true) delivered += 1;
    expect(delivered).toBeLessThan(100_000);
    notifier?.close();
  });

  it("is none for what is no path", () => {
    for (const path of ["", "relative/path", "/", "@", `/${"x".repeat(108)}`, "/a\0b"]) {
      expect(openServiceNotifier(path), path).toBe(null);
    }
  });
});
