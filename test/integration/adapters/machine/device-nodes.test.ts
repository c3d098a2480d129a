import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { closedNodes, ownAccount } from "../../../../src-main/adapters/machine/index.ts";
import type { Account } from "../../../../src-main/adapters/machine/index.ts";

const OWNER = { uid: process.getuid?.() ?? 0, gids: [process.getgid?.() ?? 0] };
/** Somebody else on the machine, in no group of the files' owner. */
const STRANGER = { uid: OWNER.uid + 1_000, gids: [OWNER.gids[0] + 1_000] };
const RENDER = OWNER.gids[0] + 2_000;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vivian-nodes-"));
  write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0o644);
  write("etc/group", `root:x:0:\nrender:x:${RENDER}:\n`, 0o644);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string, mode: number): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const closedPaths = (account: Account = STRANGER) =>
  closedNodes(root, account).map(({ path }) => path);

describe.skipIf(process.platform === "win32")("closedNodes", () => {
  it("names every kind of node that the account may not open, and no other file", () => {
    const closed = ["dev/dri/renderD128", "dev/kfd", "dev/nvidia0", "dev/nvidiactl"];
    closed.push("dev/accel/accel0", "dev/vfio/12");
    for (const path of closed) write(path, "", 0o000);
    for (const path of ["dev/dri/card0", "dev/sda", "dev/nvidia-caps"]) write(path, "", 0o000);
    expect(closedPaths()).toEqual(closed.map((path) => `/${path}`));
  });

  it("finds nothing closed where owner, group or everybody may read and write", () => {
    write("dev/dri/renderD128", "", 0o666);
    write("dev/kfd", "", 0o600);
    write("dev/nvidia0", "", 0o060);
    expect(closedPaths()).toEqual(["/dev/kfd", "/dev/nvidia0"]);
    expect(closedPaths({ uid: OWNER.uid, gids: STRANGER.gids })).toEqual(
      OWNER.uid === 0 ? [] : ["/dev/nvidia0"],
    );
    expect(closedPaths({ uid: STRANGER.uid, gids: OWNER.gids })).toEqual(["/dev/kfd"]);
  });

  it("passes over a name that the system refuses to look at", () => {
    write("dev/nvidia0", "", 0o000);
    symlinkSync("kfd", join(root, "dev/kfd"));
    expect(closedPaths()).toEqual(["/dev/nvidia0"]);
  });

  it("counts reading alone as closed: a device is written to", () => {
    write("dev/dri/renderD128", "", 0o644);
    expect(closedPaths()).toEqual(["/dev/dri/renderD128"]);
  });

  it("tells a machine without nodes from a closed one", () => {
    expect(closedPaths()).toEqual([]);
  });

  it("says how a node that belongs to nobody's group is mended", () => {
    write("dev/dri/renderD128", "", 0o600);
    write("sys/class/drm/renderD128/device/vendor", "0x1002\n", 0o644);
    const [node] = closedNodes(root, STRANGER);
    expect(node.vendor).toBe("AMD");
    expect(node.next).toBe(
      "Run sudo chgrp render /dev/dri/renderD128 && sudo chmod g+rw /dev/dri/renderD128 && " +
        "sudo usermod -aG render $USER, then log in again.",
    );
  });

  it.skipIf(OWNER.uid !== 0)("names the group whose members may open it", () => {
    chownSync(write("dev/dri/renderD129", "", 0o660), 0, RENDER);
    const [node] = closedNodes(root, STRANGER);
    expect(node.owner).toBe("root:render, mode 660");
    expect(node.next).toBe("Run sudo usermod -aG render $USER, then log in again.");
    expect(closedPaths({ uid: STRANGER.uid, gids: [RENDER] })).toEqual([]);
  });

  it("lets this process open what it can open", () => {
    write("dev/dri/renderD128", "", 0o600);
    expect(closedPaths(ownAccount() ?? OWNER)).toEqual([]);
  });
});
