/** What systemd hears of a daemon that it runs: ready, alive, ending; silence where it hangs. */

import { join } from "node:path";
import { readFileSync } from "node:fs";

import { afterAll, describe, expect, it } from "vitest";

import { DatagramListener, noListener } from "../adapters/host/datagram-listener.ts";
import { ended, TestHome } from "./run-vivian.ts";

const home = new TestHome('[mining]\nengine = "reference"\n');
const path = join(home.root, "notify");
const listener = new DatagramListener(path);
afterAll(async () => {
  listener.end();
  await home.remove();
});

if (noListener !== "") console.warn(`skipped: ${noListener}`);

/** Signs of life each 100 ms. */
const SUPERVISED = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "200000" };

describe.skipIf(noListener !== "")("a daemon that systemd runs", () => {
  it("says when it is ready, that it lives, and that it ends", async () => {
    await listener.bound;
    const up = home.spawn(["up"], SUPERVISED);
    const gone = ended(up);
    const patience = { timeout: 30_000 };
    await expect.poll(() => listener.count("READY=1"), patience).toBe(1);
    // Ready means that it answers, so a service that comes after this one finds it.
    expect(await home.run(["status"])).toMatchObject({ code: 0 });
    expect(listener.heard).toContain(`MAINPID=${up.pid}`);
    await expect.poll(() => listener.count("WATCHDOG=1"), patience).toBeGreaterThan(3);
    expect(listener.heard).toContain("STATUS=practice: idle");
    expect(listener.count("STOPPING=1")).toBe(0);

    // A daemon that hangs falls silent.
    up.kill("SIGSTOP");
    let before = -1;
    await expect
      .poll(
        () => {
          const same = listener.count("WATCHDOG=1") === before;
          before = listener.count("WATCHDOG=1");
          return same;
        },
        { interval: 600, timeout: 10_000 },
      )
      .toBe(true);
    up.kill("SIGCONT");
    await expect.poll(() => listener.count("WATCHDOG=1")).toBeGreaterThan(before);

    up.kill("SIGTERM");
    expect(await gone).toMatchObject({ code: 0 });
    await expect.poll(() => listener.count("STOPPING=1")).toBe(1);
    expect(listener.heard.indexOf("STOPPING=1")).toBeGreaterThan(listener.heard.indexOf("READY=1"));
  });

  it("runs on without a word where the socket is gone", async () => {
    const up = home.spawn(["up"], { ...SUPERVISED, NOTIFY_SOCKET: join(home.root, "gone") });
    const gone = ended(up);
    await expect.poll(async () => (await home.connect()) !== null, { timeout: 30_000 }).toBe(true);
    up.kill("SIGTERM");
    expect(await gone).toMatchObject({ code: 0 });
    expect(readFileSync(join(home.folder.logs, "daemon.log"), "utf8")).not.toMatch(/ error /);
  });
});
