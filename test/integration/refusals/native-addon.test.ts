import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, describe, expect, it } from "vitest";

import type { Devices } from "../../../src-main/contract/control-api/index.ts";
import { ended, TestHome } from "../processes/run-vivian.ts";
import type { Ran } from "../processes/run-vivian.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

let home: TestHome;
afterEach(() => home.remove());

/** The program in a tree of its own, which set-up never gave a native engine. */
function copyProgram(config: string): (words: readonly string[]) => Promise<Ran> {
  home = new TestHome(config);
  const tree = join(home.root, "tree");
  mkdirSync(join(tree, "build"), { recursive: true });
  cpSync(join(ROOT, "src-main"), join(tree, "src-main"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(tree, "package.json"));
  for (const path of ["node_modules", "build/data", "assets"]) {
    if (existsSync(join(ROOT, path))) symlinkSync(join(ROOT, path), join(tree, path));
  }
  const cli = join(tree, "src-main/processes/cli.ts");
  return (words) => ended(spawn(process.execPath, [cli, ...words], { env: home.environment }));
}

function plantAddon(bytes: string): void {
  const folder = join(home.root, "tree/build/Release");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "vivian_native.node"), bytes);
}

async function cpuOf(run: (words: readonly string[]) => Promise<Ran>) {
  expect(await run(["up", "--detach"])).toMatchObject({ code: 0, stderr: "" });
  const { devices } = JSON.parse((await run(["devices", "--json"])).stdout) as Devices;
  return devices[0];
}

const CONFIG = "[mining]\nstart = false\n";

describe("a native addon", () => {
  it("that is missing is told with its code and what mends it; the reference works", async () => {
    const cpu = await cpuOf(copyProgram(CONFIG));
    expect(cpu).toMatchObject({ engine: "reference", exact: true, use: "in-use" });
    expect(cpu.why).toContain("NATIVE_ENGINE_ABSENT");
    expect(cpu.next).not.toBeNull();
  });

  it("that is damaged is told with its code; the reference works", async () => {
    const run = copyProgram(CONFIG);
    plantAddon("\u007fELF and no more");
    const cpu = await cpuOf(run);
    expect(cpu).toMatchObject({ engine: "reference", exact: true, use: "in-use" });
    expect(cpu.why).toContain("NATIVE_ENGINE_BROKEN");
    rmSync(join(home.root, "tree/build/Release"), { recursive: true });
  });

  it("that config.toml asks for and is missing stops the daemon with a code", async () => {
    const run = copyProgram('[mining]\nengine = "native-cpu"\n');
    const up = await run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^PROCESSES_DEVICE: .*NATIVE_ENGINE_ABSENT/);
  });
});
