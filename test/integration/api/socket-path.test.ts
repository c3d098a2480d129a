import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { controlSocketPath, socketSurroundings } from "../../../src-main/api/index.ts";
import { SOCKET_PATH_BYTES_MAX } from "../../../src-main/api/limits.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vp-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const around = (changes: object) => ({
  ...socketSurroundings(),
  runtimeFolder: undefined,
  temporaryFolder: folder,
  ...changes,
});

describe.skipIf(process.platform === "win32")("controlSocketPath", () => {
  it("is the same for links to one folder and differs between folders", () => {
    const home = join(folder, "home");
    mkdirSync(home);
    symlinkSync(home, join(folder, "link"));
    const path = controlSocketPath(home, around({}));
    expect(controlSocketPath(join(folder, "link"), around({}))).toEqual(path);
    expect(controlSocketPath(join(folder, "other"), around({}))).not.toEqual(path);
  });

  it("lies in the runtime folder when that is ours alone, else in a folder made 0700", () => {
    const runtimeFolder = join(folder, "run");
    mkdirSync(runtimeFolder, { mode: 0o700 });
    const inRuntime = controlSocketPath("/data", around({ runtimeFolder }));
    expect(inRuntime.ok && inRuntime.value.startsWith(`${runtimeFolder}/vivian-`)).toBe(true);
    chmodSync(runtimeFolder, 0o755);
    const own = join(folder, `vivian-${process.getuid?.()}`);
    const inOwn = controlSocketPath("/data", around({ runtimeFolder }));
    expect(inOwn.ok && inOwn.value.startsWith(`${own}/vivian-`)).toBe(true);
    expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  it("falls back to a shorter folder when the path would be too long", () => {
    const long = join(folder, "x".repeat(SOCKET_PATH_BYTES_MAX));
    mkdirSync(long, { mode: 0o700 });
    const path = controlSocketPath("/d", around({ runtimeFolder: long, temporaryFolder: long }));
    expect(path.ok && Buffer.byteLength(path.value) <= SOCKET_PATH_BYTES_MAX).toBe(true);
  });

  it("refuses a folder that others can enter or that is a link", () => {
    const own = join(folder, `vivian-${process.getuid?.()}`);
    mkdirSync(own);
    chmodSync(own, 0o777);
    const noFallback = around({ userNumber: process.getuid?.() });
    const open = controlSocketPath("/data", noFallback);
    if (open.ok) expect(open.value.startsWith(`${own}/`)).toBe(false);
    rmSync(own, { recursive: true });
    symlinkSync(tmpdir(), own);
    const linked = controlSocketPath("/data", noFallback);
    if (linked.ok) expect(linked.value.startsWith(`${own}/`)).toBe(false);
    const stranger = controlSocketPath("/data", around({ userNumber: 4_242_424 }));
    expect(stranger).toMatchObject({ ok: false, rejection: { code: "API_SOCKET_FOLDER" } });
    rmSync(join("/tmp", "vivian-4242424"), { recursive: true, force: true });
  });

  it("is a pipe of the user's own on Windows", () => {
    const path = controlSocketPath("/data", around({ platform: "win32", userName: "ada" }));
    expect(path.ok && path.value).toMatch(/^\\\\\.\\pipe\\vivian-ada-[0-9a-f]{16}$/);
  });
});
