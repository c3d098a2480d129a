import { chownSync, mkdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import type { Devices } from "../../../src-main/contract/control-api/index.ts";
import { ended, TestHome } from "../processes/run-vivian.ts";
import type { Ran } from "../processes/run-vivian.ts";
import { asOther, OTHER_UID, otherAccountWorks, spawnAsOther } from "./other-account.ts";

/**
 * Makes /dev, for one process and its children, a folder with the nodes that every program needs
 * and with a render node (character device 226, 128) that root's group alone may open.
 */
const WITH_CLOSED_NODE = `
  set -e
  mount -t tmpfs -o mode=755 tmpfs "$1"
  for each in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9; do
    IFS=: read name major minor <<< "$each"
    mknod -m 666 "$1/$name" c "$major" "$minor"
  done
  ln -s /proc/self/fd "$1/fd"
  mkdir "$1/dri" "$1/shm"
  chmod 1777 "$1/shm"
  mknod -m 660 "$1/dri/renderD128" c 226 128
  mount --bind "$1" /dev
  shift
  exec "$@"
`;

const homes: TestHome[] = [];

afterEach(async () => {
  for (const home of homes.splice(0)) await home.remove();
});

/** Runs a command as the other account on a machine whose render node is closed to it. */
function runWithClosedNode(home: TestHome, words: readonly string[]): Promise<Ran> {
  const folder = join(home.root, "dev");
  mkdirSync(folder, { recursive: true });
  const inside = ["unshare", "--mount", "bash", "-c", WITH_CLOSED_NODE, "bash", folder];
  return ended(home.spawn(words, {}, [...inside, ...asOther([])]));
}

function canMakeNodes(): boolean {
  if (!otherAccountWorks()) return false;
  try {
    const make = "mount -t tmpfs tmpfs /mnt && mknod /mnt/n c 1 3 && echo > /mnt/n";
    execFileSync("unshare", ["--mount", "bash", "-c", make], { stdio: "ignore" });
    return true;
  } catch {
    process.stdout.write("skipped: a device node needs the right to make one\n");
    return false;
  }
}

describe.skipIf(!canMakeNodes())("a device node without permission", () => {
  it("is named with what mends it, in the devices and in the log, and work goes on", async () => {
    const home = new TestHome('[mining]\nengine = "reference"\nstart = false\n');
    homes.push(home);
    for (const path of [home.root, home.home, join(home.root, "run"), home.folder.config]) {
      chownSync(path, OTHER_UID, OTHER_UID);
    }
    const up = await runWithClosedNode(home, ["up", "--detach"]);
    expect(up).toMatchObject({ code: 0, stderr: "" });
    const asked = await ended(spawnAsOther(home.wordsOf(["devices", "--json"]), home.environment));
    const { devices } = JSON.parse(asked.stdout) as Devices;
    const node = devices.find(({ name }) => name.includes("/dev/dri/renderD128"));
    expect(node).toMatchObject({ use: "not-usable", exact: null });
    expect(node?.why).toBe("This account may not open /dev/dri/renderD128 (root:root, mode 660).");
    expect(node?.next).toContain("sudo usermod -aG render $USER");
    expect(devices[0]).toMatchObject({ kind: "cpu", use: "in-use", exact: true });
    const log = readFileSync(join(home.folder.logs, "daemon.log"), "utf8");
    expect(log).toContain("MACHINE_NODE_CLOSED");
  });
});
