/**
 * A package made for real, as far as it goes without Electron's own program: laid out, packed by
 * the packager into a folder around a stand-in for Electron, and the daemon run from that folder by
 * the bundled Node with nothing on the PATH.
 */

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build, Platform } from "app-builder-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const inRoot = (...parts: string[]) => join(root, ...parts);

/** How a program of Electron begins its list of fuses; then version 1, their count and states. */
const FUSES_BEGIN = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";

/** The fuses in the program's own order, 0 off and 1 on; electron-builder.yml names them. */
const FUSES_WANTED = "010011000";

const isSetUp = ["assets/index.html", "build/Release/vivian_native.node"].every((path) =>
  existsSync(inRoot(path)),
);
const canPack = process.platform === "linux" && isSetUp;
if (!canPack) process.stdout.write("packaging: only on Linux, and after a complete set-up\n");

interface Listed {
  readonly files?: Readonly<Record<string, Listed>>;
}

/** The files of an archive of Electron's, from the JSON text at its beginning. */
function filesIn(archive: string): string[] {
  const bytes = readFileSync(archive);
  const list = JSON.parse(bytes.toString("utf8", 16, 16 + bytes.readUInt32LE(12))) as Listed;
  const below = (folder: Listed, path: string): string[] =>
    Object.entries(folder.files ?? {}).flatMap(([name, one]) =>
      one.files === undefined ? [`${path}/${name}`] : below(one, `${path}/${name}`),
    );
  return below(list, "");
}

describe.skipIf(!canPack)("a package of this system", () => {
  const folder = mkdtempSync(join(tmpdir(), "vivian-package-"));
  const project = join(folder, "project");
  const unpacked = join(project, "build", "packages", "linux-unpacked");
  const resources = join(unpacked, "resources");
  const command = join(resources, "vivian", "bin", "vivian");
  const environment = {
    PATH: join(folder, "empty"),
    HOME: join(folder, "home"),
    VIVIAN_HOME: join(folder, "data"),
    XDG_RUNTIME_DIR: join(folder, "run"),
  };

  beforeAll(async () => {
    for (const path of [environment.PATH, environment.HOME]) mkdirSync(path);
    mkdirSync(environment.XDG_RUNTIME_DIR, { mode: 0o700 });
    mkdirSync(project);
    for (const path of ["electron-builder.yml", "package.json", "packaging"]) {
      cpSync(inRoot(path), join(project, path), { recursive: true });
    }
    const layOutFile = pathToFileURL(inRoot("packaging", "lay-out.mjs")).href;
    const { layOut } = (await import(layOutFile)) as { layOut: (wish: object) => unknown };
    layOut({ root, folder: join(project, "build", "package"), node: process.execPath });
    await build({
      projectDir: project,
      targets: Platform.LINUX.createTarget("dir"),
      publish: "never",
      config: { electronDist: standIn() },
    });
  });
  afterAll(() => {
    vivian("stop");
    rmSync(folder, { recursive: true, force: true });
  });

  /** A folder as Electron's archive has it, whose program only ends; all its fuses are at odds. */
  function standIn(): string {
    const electron = join(folder, "electron");
    mkdirSync(join(electron, "locales"), { recursive: true });
    for (const name of ["en-US", "en-GB", "de"]) {
      writeFileSync(join(electron, "locales", `${name}.pak`), "");
    }
    const states = [...FUSES_WANTED].map((state) => (state === "1" ? "0" : "1")).join("");
    const fuses = [Buffer.from(FUSES_BEGIN), Buffer.from([1, states.length]), Buffer.from(states)];
    const program = Buffer.concat([Buffer.from("#!/bin/sh\nexit 7\n"), ...fuses]);
    writeFileSync(join(electron, "electron"), program);
    chmodSync(join(electron, "electron"), 0o755);
    return electron;
  }

  function vivian(...words: string[]) {
    return spawnSync(command, words, { env: environment, encoding: "utf8" });
  }

  it("holds the window alone in the archive: no packages, no types, no daemon", () => {
    const files = filesIn(join(resources, "app.asar"));
    expect(files).toContain("/shell/main.js");
    expect(files).toContain("/icon.png");
    const foreign = /node_modules|^\/(?!shell\/|contract\/|icon\.png$|package\.json$)|\.ts$/;
    expect(files.filter((file) => foreign.test(file))).toEqual([]);
  });

  it("has every fuse of Electron's program as it is written", () => {
    const program = readFileSync(join(unpacked, "vivian-miner")).toString("latin1");
    const states = program.slice(program.indexOf(FUSES_BEGIN) + FUSES_BEGIN.length + 2);
    // Eight are written; the ninth is none that the packager's file can name.
    expect(states.slice(0, 8)).toBe(FUSES_WANTED.slice(0, 8));
  });

  it("starts the command on its own Node, with nothing on the PATH", () => {
    expect(vivian("--version")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d/) });
    const { stdout } = vivian("version", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ node: process.version, daemon: null });
    const { stdout: node } = spawnSync(join(resources, "vivian", "runtime", "node"), [
      "-p",
      "process.execPath",
    ]);
    expect(String(node).trim()).toBe(join(resources, "vivian", "runtime", "node"));
  });

  it("is found through a link, as a package puts one on the PATH", () => {
    const link = join(folder, "vivian");
    symlinkSync(command, link);
    // Only the link's own tool is taken from the system.
    const env = { ...environment, PATH: process.env["PATH"] };
    expect(spawnSync(link, ["--version"], { env }).status).toBe(0);
  });

  it("runs the daemon: health, the page, the native engine", async () => {
    const started = vivian("up", "--detach", "--attach", "--json");
    expect([started.status, started.stderr]).toEqual([0, ""]);
    const again = vivian("up", "--detach", "--attach", "--json");
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(started.stdout));
    const { page } = JSON.parse(vivian("status", "--json").stdout) as { page: string };
    const health = await fetch(`${page}health`);
    expect([health.status, await health.json()]).toMatchObject([200, { ok: true }]);
    expect(await (await fetch(page)).text()).toMatch(/<script[^>]+src="[^"]+\.js"/);
    expect(vivian("devices").stdout).toContain("native-cpu");
    expect(vivian("stop").status).toBe(0);
  });

  it("loads every package that it brings", () => {
    const names = Object.keys(
      (JSON.parse(readFileSync(inRoot("package.json"), "utf8")) as { dependencies: object })
        .dependencies,
    ).map((name) => (name.startsWith("@noble/") || name === "@scure/bip39" ? "" : name));
    const loads = names
      .filter((name) => name !== "")
      .map((name) => `await import(${JSON.stringify(name)});`)
      .join("");
    const probe = join(resources, "vivian", "probe.mjs");
    writeFileSync(probe, loads);
    const ran = spawnSync(join(resources, "vivian", "runtime", "node"), [probe], {
      env: environment,
      encoding: "utf8",
    });
    rmSync(probe);
    expect([ran.status, ran.stderr]).toEqual([0, ""]);
  });

  it("brings no prebuilt part of another system and no set-up", () => {
    const prebuilds = join(resources, "vivian", "node_modules", "secp256k1", "prebuilds");
    expect(readdirSync(prebuilds)).toEqual([`linux-${process.arch}`]);
    const rooms = readdirSync(join(resources, "vivian", "src-main"));
    expect(rooms).not.toContain("bootstrap");
    expect(rooms).not.toContain("shell");
    expect(existsSync(join(resources, "vivian", "node_modules", "electron"))).toBe(false);
  });
});
