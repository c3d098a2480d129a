/** `vivian start` and the window: tried where there is a display, never waited for. */

import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { ended, TestHome } from "../processes/run-vivian.ts";

const isRoot = process.platform === "linux" && process.getuid?.() === 0;

/** A line that comes after the window has been tried: the work has begun. */
const AT_WORK = /^Job digits-tiny submitted/m;

/** The window was tried: root is told why there is none, others get the stand-in for Electron. */
const TRIED = /^SHELL_ROOT: No window is opened for the user root/m;

describe.skipIf(process.platform !== "linux")("vivian start", () => {
  const homes: TestHome[] = [];
  afterEach(async () => {
    for (const home of homes.splice(0)) await home.remove();
  });

  /** Runs it until work has begun (and the window was tried, if it is), then leaves by Ctrl-C. */
  async function start(environment: NodeJS.ProcessEnv, isTried: boolean, ...words: string[]) {
    const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n');
    homes.push(home);
    const folder = join(home.root, "electron");
    mkdirSync(folder);
    const note = join(home.root, "window-opened");
    writeFileSync(join(folder, "electron"), `#!/bin/sh\necho "$1" > "${note}"\nexec sleep 600\n`);
    chmodSync(join(folder, "electron"), 0o755);
    const env = { ELECTRON_OVERRIDE_DIST_PATH: folder, ...environment };
    const child = home.spawn(["start", ...words], env);
    let said = "";
    let hasLeft = false;
    const look = () => {
      const tried = TRIED.test(said) || existsSync(note);
      if (hasLeft || !AT_WORK.test(said) || (isTried && !tried)) return;
      hasLeft = true;
      child.kill("SIGINT");
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      look();
    });
    const looking = setInterval(look, 50);
    const ran = await ended(child);
    clearInterval(looking);
    return { ...ran, tried: TRIED.test(ran.stdout) || existsSync(note) };
  }

  it("tries the window where there is a display, and works on whatever comes of it", async () => {
    const { code, stdout, stderr, tried } = await start({ DISPLAY: ":99" }, true);
    expect([code, stderr, tried]).toEqual([0, "", true]);
    expect(TRIED.test(stdout)).toBe(isRoot);
    expect(stdout).toMatch(AT_WORK);
    expect(stdout).toContain("Page http://127.0.0.1:");
  });

  it.each<[string, NodeJS.ProcessEnv, string[]]>([
    ["there is no display", {}, []],
    ["a robot runs it", { DISPLAY: ":99", CI: "true" }, []],
    ["its owner wants none", { DISPLAY: ":99" }, ["--no-window"]],
  ])("does not try it where %s", async (_what, environment, words) => {
    const { code, tried } = await start(environment, false, ...words);
    expect([code, tried]).toEqual([0, false]);
  });

  it("does not try it for one job alone", async () => {
    const home = new TestHome('[jobs]\nfirst = "digits-tiny"\n', { DISPLAY: ":99" });
    homes.push(home);
    const { code, stdout } = await home.run(["start", "--once"]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/SHELL_/);
  });
});
