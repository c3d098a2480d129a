/** A machine that lacks something: locks, the right to listen, a driver tool that answers. */

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { ended, TestHome } from "../processes/run-vivian.ts";

let home: TestHome;
afterEach(() => home.remove());

function newHome(): TestHome {
  home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
  return home;
}

/** Whether a program runs here and ends well; says in one line that it does not. */
function works(program: string, ...words: readonly string[]): boolean {
  try {
    if (process.platform !== "linux") throw new Error("not Linux");
    execFileSync(program, words, { stdio: "ignore" });
    return true;
  } catch {
    process.stdout.write(`skipped: ${program} does not work here\n`);
    return false;
  }
}

const NO_LOCKS = ["-f", "-qq", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"];

const NO_LISTENING = ["-f", "-qq", "-e", "trace=listen", "-e", "inject=listen:error=EACCES"];

const tracerWorks = works("strace", "-qq", "-e", "trace=none", "true");

describe.skipIf(!tracerWorks)("a file system", () => {
  it("that has no locks is told with a code, and nothing is opened on it", async () => {
    newHome();
    const within = ["strace", ...NO_LOCKS, "-o", join(home.root, "trace")];
    const up = await ended(home.spawn(["up", "--detach"], {}, within));
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^STORE_LOCK_FAILED: .*put VIVIAN_HOME on a local disk/im);
    expect(await home.run(["status"])).toMatchObject({ code: 3 });
  });
});

describe.skipIf(!tracerWorks)("a sandbox", () => {
  it("that forbids to listen is told with a code", async () => {
    newHome();
    const within = ["strace", ...NO_LISTENING, "-o", join(home.root, "trace")];
    const up = await ended(home.spawn(["up", "--detach"], {}, within));
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^API_PAGE_FAILED: .*EACCES/);
  });
});

describe.skipIf(process.platform !== "linux")("a driver's tool", () => {
  it("that never answers leaves a line in the log and does not hold up the start", async () => {
    newHome();
    const tools = join(home.root, "tools");
    mkdirSync(tools);
    writeFileSync(join(tools, "dmidecode"), "#!/bin/sh\nsleep 20\n");
    chmodSync(join(tools, "dmidecode"), 0o755);
    const PATH = `${tools}:${process.env["PATH"]}`;
    expect(await home.run(["up", "--detach"], { PATH })).toMatchObject({ code: 0 });
    const log = readFileSync(join(home.folder.logs, "daemon.log"), "utf8");
    expect(log).toMatch(/MACHINE_INVENTORY.*cpu/);
  });
});
