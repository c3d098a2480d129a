/** The unit of root that passes the processor's energy on: sound, and with next to no rights. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { fileTree, writeDomain } from "../../worlds/meters/sysfs.ts";

const UNITS = join(import.meta.dirname, "../../../packaging/systemd");
const HELPER = join(import.meta.dirname, "../../../packaging/meter-helper/vivian-meter.mjs");

/** Exposure by `systemd-analyze security`, in tenths; 9 was measured. */
const EXPOSURE_TENTHS_MAX = 15;

const folder = mkdtempSync(join(tmpdir(), "vivian-units-"));
afterAll(() => rmSync(folder, { recursive: true }));

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

const NODE = '"/opt/VIVIAN Miner/resources/vivian/runtime/node"';

/** Both units as they are installed, except that the program is one that this machine has. */
function installed(change: (service: string) => string = (service) => service): string {
  const service = readFileSync(join(UNITS, "vivian-meter.service"), "utf8");
  expect(service).toContain(`ExecStart=${NODE}`);
  const path = join(folder, "vivian-meter.service");
  writeFileSync(path, change(service.replace(NODE, process.execPath)));
  const socket = readFileSync(join(UNITS, "vivian-meter.socket"), "utf8");
  writeFileSync(join(folder, "vivian-meter.socket"), socket);
  return path;
}

const analyze = (...words: string[]) => spawnSync("systemd-analyze", words, { encoding: "utf8" });

describe.skipIf(!hasSystemd)("the unit of root", () => {
  it("passes systemd-analyze verify without a word, which finds a misspelt directive", () => {
    const verified = analyze("verify", installed());
    expect(verified.stderr + verified.stdout).toBe("");
    expect(verified.status).toBe(0);
    const misspelt = installed((unit) => unit.replace("PrivateNetwork", "PrivateNetworks"));
    expect(analyze("verify", misspelt).stderr).toContain("PrivateNetworks");
  });

  it("is hardly exposed, and less hardened it would be more", () => {
    const within = (path: string) =>
      analyze("security", "--offline=true", `--threshold=${EXPOSURE_TENTHS_MAX}`, path).status;
    expect(within(installed())).toBe(0);
    const open = installed((unit) => unit.replaceAll(/^(Private|Protect|Restrict).*$/gm, ""));
    expect(within(open)).not.toBe(0);
  });
});

describe("its program", () => {
  it("ends with a reason where there is nothing to tell, or nowhere to tell it", () => {
    const nothing = spawnSync(process.execPath, [HELPER, join(folder, "s"), folder], {
      encoding: "utf8",
    });
    expect(nothing).toMatchObject({ status: 1 });
    expect(nothing.stderr).toContain("no package");
  });

  it("tells whoever asks, however many never hang up", async () => {
    const tree = fileTree();
    writeDomain(tree, "intel-rapl:0", { name: "package-0", microjoules: 5_000_000 });
    const socket = join(folder, "energy.sock");
    const program = spawn(process.execPath, [
      HELPER,
      socket,
      join(tree.root, "sys/class/powercap"),
    ]);
    const held: Socket[] = [];
    try {
      await expect.poll(() => existsSync(socket), { timeout: 20_000 }).toBe(true);
      // More than it serves at a time, none of which closes its own side.
      for (let asked = 0; asked < 40; asked += 1) {
        const client = connect({ path: socket, allowHalfOpen: true });
        held.push(client);
        const [line] = (await once(client, "data")) as [Buffer];
        expect(JSON.parse(line.toString())).toMatchObject({ schema: "vivian-meter/1" });
      }
    } finally {
      for (const client of held) client.destroy();
      program.kill();
      tree.close();
    }
  });
});
