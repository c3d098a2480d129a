/** Several set-ups at once do the work once; a stop at any moment leaves a tree that goes on. */
import { existsSync } from "node:fs";
import { spawn } from "node:child_process";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NPM_INSTALLS, SmallTree, ended, until } from "./small-tree.ts";

let tree: SmallTree;
beforeEach(() => {
  tree = new SmallTree();
});
afterEach(() => {
  tree.remove();
});

const present = (path: string): boolean => existsSync(join(tree.root, path));

/** An npm that has started a child of its own and waits, as a build does for its compiler. */
const NPM_HANGS = `
  import { spawn } from "node:child_process";
  import { writeFileSync } from "node:fs";
  const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]);
  writeFileSync("pids", process.pid + " " + child.pid);
  setInterval(() => 0, 1000);
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the lock of set-up", () => {
  it("lets one of three set up while the others wait for it", async () => {
    tree.useNpm(`await new Promise((go) => setTimeout(go, 700)); ${NPM_INSTALLS}`);
    const results = await Promise.all([1, 2, 3].map(() => tree.run(["setup"])));
    expect(results.map((result) => result.code)).toEqual([0, 0, 0]);
    expect(tree.read("npm-runs")).toBe("run\n");
    expect(present("build/setup.lock")).toBe(false);
  });

  it("is taken over from a process that has died", async () => {
    const gone = spawn(process.execPath, ["-e", "0"]);
    await ended(gone);
    const owner = { pid: gone.pid, host: hostname(), beats: 3 };
    tree.write("build/setup.lock/owner.json", JSON.stringify(owner));
    const began = performance.now();
    expect((await tree.run(["setup"])).code).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("is not taken from a process that lives", async () => {
    const owner = { pid: process.pid, host: hostname(), beats: 3 };
    tree.write("build/setup.lock/owner.json", JSON.stringify(owner));
    const child = tree.start(["setup"]);
    const result = ended(child);
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    await until("it waits", () => said.includes("waiting"));
    child.kill("SIGTERM");
    expect((await result).code).toBe(143);
    expect(present("npm-runs")).toBe(false);
    expect(present("build/setup.lock/owner.json")).toBe(true);
  });
});

describe.skipIf(process.platform === "win32")("a stop", () => {
  it("during set-up ends npm with its children and gives the lock back", async () => {
    tree.useNpm(NPM_HANGS);
    const child = tree.start(["start"]);
    const result = ended(child);
    await until("npm has a child", () => present("pids") && tree.read("pids").includes(" "));
    child.kill("SIGTERM");
    const { code, stderr } = await result;
    expect(code).toBe(143);
    expect(stderr).toBe("set-up: stopped; the next run goes on from here\n");
    const pids = tree.read("pids").split(" ").map(Number);
    await until("npm and its child are gone", () => !pids.some(isAlive));
    expect(present("build/setup.lock")).toBe(false);
    tree.useNpm(NPM_INSTALLS);
    expect((await tree.run(["start"])).code).toBe(0);
  });

  it("reaches the program, whose exit code comes back", async () => {
    const child = tree.start(["start", "stay"]);
    const result = ended(child);
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    await until("the program runs", () => said.includes("stay"));
    child.kill("SIGTERM");
    expect((await result).code).toBe(9);
  });

  it("of npm alone reaches the program too, although npm passes nothing on", async () => {
    await tree.run(["setup"]);
    const file = join(tree.root, "src-main", "bootstrap.mjs");
    const env = { ...tree.environment(), npm_lifecycle_event: "start" };
    const words = JSON.stringify([file, "start", "stay"]);
    const parent = `require("child_process")
      .spawn(process.execPath, ${words}, { stdio: "inherit" });
      setInterval(() => 0, 1000);`;
    const shell = spawn(process.execPath, ["-e", parent], {
      cwd: tree.root,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    shell.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
    await until("the program runs", () => said.includes("stay"));
    shell.kill("SIGKILL");
    await until("the program was told to stop", () => present("stopped"));
    expect(tree.read("stopped")).toBe("SIGTERM");
  });
});
