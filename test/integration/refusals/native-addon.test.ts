import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

const ADDON = join(ROOT, "build/Release/vivian_native.node");
const MODULE = "src-main/adapters/wasm-engine/kernels.wasm";

/** Machine code with one bit of one constant of exp wrong, wherever it stands (NUMERICS.md, C3). */
function withWrongBit(path: string): Uint8Array {
  const bytes = readFileSync(path);
  const constant = Buffer.from([0xaa, 0xaa, 0x2a, 0x3e]);
  const first = bytes.indexOf(constant);
  if (first < 0) throw new Error(`${path} holds no constant of exp`);
  for (let at = first; at >= 0; at = bytes.indexOf(constant, at)) bytes[at + 1] ^= 1;
  return bytes;
}

function plantAddon(bytes: string | Uint8Array): void {
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
  it("that is missing is told with its code and what mends it; WebAssembly works", async () => {
    const cpu = await cpuOf(copyProgram(CONFIG));
    expect(cpu).toMatchObject({ engine: "wasm", exact: true, use: "in-use" });
    expect(cpu.why).toContain("NATIVE_ENGINE_ABSENT");
    expect(cpu.next).not.toBeNull();
  });

  it("that is damaged is told with its code; WebAssembly works", async () => {
    const run = copyProgram(CONFIG);
    plantAddon("\u007fELF and no more");
    const cpu = await cpuOf(run);
    expect(cpu).toMatchObject({ engine: "wasm", exact: true, use: "in-use" });
    expect(cpu.why).toContain("NATIVE_ENGINE_BROKEN");
    rmSync(join(home.root, "tree/build/Release"), { recursive: true });
  });

  it("that config.toml asks for and is missing stops the daemon with a code", async () => {
    const run = copyProgram('[mining]\nengine = "native-cpu"\n');
    const up = await run(["up", "--detach"]);
    expect(up.code).toBe(1);
    expect(up.stderr).toMatch(/^PROCESSES_DEVICE: .*NATIVE_ENGINE_ABSENT/);
  });

  it.skipIf(!existsSync(ADDON))("with one wrong bit is refused by op at each level", async () => {
    const run = copyProgram(CONFIG);
    plantAddon(withWrongBit(ADDON));
    const cpu = await cpuOf(run);
    expect(cpu).toMatchObject({ engine: "wasm", exact: true, use: "in-use" });
    expect(cpu.why).toMatch(/scalar, \d+ threads?: not exact here: op exp,/);
  });
});

describe("the engine as WebAssembly", () => {
  it("with one wrong bit is refused by op; the reference works", async () => {
    const run = copyProgram(CONFIG);
    writeFileSync(join(home.root, "tree", MODULE), withWrongBit(join(ROOT, MODULE)));
    const cpu = await cpuOf(run);
    expect(cpu).toMatchObject({ engine: "reference", exact: true, use: "in-use" });
    expect(cpu.why).toMatch(/not exact here: op exp, .*gelu/);
  });

  it("that is damaged is told with its code; the reference works", async () => {
    const run = copyProgram(CONFIG);
    writeFileSync(join(home.root, "tree", MODULE), "\0asm and no more");
    const cpu = await cpuOf(run);
    expect(cpu).toMatchObject({ engine: "reference", exact: true, use: "in-use" });
    expect(cpu.why).toContain("WASM_ENGINE_BROKEN");
  });
});
