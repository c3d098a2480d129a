import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { takeInventory } from "../../../../src-main/adapters/machine/index.ts";
import type { Probes } from "../../../../src-main/adapters/machine/index.ts";
import { readMachineApart } from "../../../../src-main/adapters/machine/read-apart.ts";
import { checkResult } from "../../../../src-main/contract/control-api/index.ts";
import type { Device } from "../../../../src-main/contract/control-api/index.ts";
import { knownMachines, layOut, said } from "./known-machine.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vivian-machine-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const machines = knownMachines();

describe.skipIf(process.platform === "win32")("known machines", () => {
  it("are at least fifteen, each says where it comes from", () => {
    expect(machines.length).toBeGreaterThanOrEqual(15);
    for (const [name, { source }] of machines) {
      expect(source, name).toMatch(/^(Written from documentation, not|Read off a real machine)/u);
    }
  });

  it.each(machines)("gives one record for each device of %s", (_, known) => {
    layOut(root, known);
    const { surroundings, devices } = said(root, known);
    expect(surroundings).toEqual(known.expect.surroundings);
    const records = devices.map((device) => ({ ...device }) as Partial<Device>);
    for (const record of records) {
      expect(record.use).toBe("not-usable");
      for (const key of ["use", "engine", "variant", "exact"] as const) delete record[key];
    }
    expect(records).toEqual(known.expect.devices);
    const machine = {
      system: "Linux",
      cpuName: known.cpu,
      coresPhysical: 1,
      coresLogical: 1,
      coresAvailable: 1,
      memoryBytes: 1,
      surroundings: [...surroundings],
    };
    expect(checkResult("devices", { machine, devices: [...devices] }).ok).toBe(true);
  });

  it("are read also where a name is refused, such as one below a closed folder", async () => {
    for (const name of [".dockerenv", "dev/dxg"]) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      // A circle of links is refused to everyone; what lies below a closed folder, to others.
      symlinkSync(basename(name), join(root, name));
    }
    expect(await readMachineApart(5_000, root)).toMatchObject({ hasBus: false });
  });

  it("says something that can be done of every device with a mendable cause", () => {
    const mendable = ["wrong-driver", "blacklisted", "driver-failed", "permission", "container"];
    for (const [name, known] of machines) {
      for (const { id, cause, next } of known.expect.devices) {
        const isMendable = cause !== null && cause !== undefined && mendable.includes(cause);
        if (isMendable) expect(next, `${name} ${id ?? ""}`).toMatch(/\w{3}/u);
      }
    }
  });
});

const probes: Probes = {
  cpu: () => Promise.reject(new Error("not asked")),
  graphics: () => Promise.resolve({ controllers: [] }),
  osInfo: () => Promise.reject(new Error("not asked")),
};

describe.skipIf(process.platform !== "linux")("a probe in trouble", () => {
  const place = "sys/bus/pci/devices/0000:01:00.0";

  it("ends in its time where a file of the system never answers", async () => {
    mkdirSync(join(root, place), { recursive: true });
    execFileSync("mkfifo", [join(root, place, "vendor")]);
    const began = performance.now();
    const { gpus, incomplete } = await takeInventory(probes, 400, { root });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(incomplete).toContain("devices");
    expect(gpus).toEqual([]);
  });

  it("hears the answer of a look however busy it was meanwhile", async () => {
    const reading = readMachineApart(10_000, root);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const endsAt = performance.now() + 1_000;
    while (performance.now() < endsAt);
    expect(await reading).not.toBeNull();
  });

  it("knows a device by the bus where NVIDIA's library never answers", async () => {
    const known = machines.find(([name]) => name === "nvidia-desktop")?.[1];
    if (known === undefined) throw new Error("the machine is missing");
    layOut(root, known);
    const never = () => new Promise<null>(() => undefined);
    const { gpus, incomplete } = await takeInventory(probes, 1_000, { root, nvidia: never });
    expect(incomplete).toContain("nvidia");
    expect(gpus).toHaveLength(1);
    expect(gpus[0]).toMatchObject({ model: "NVIDIA GeForce RTX 4070", pciId: "0000:01:00.0" });
    expect(gpus[0].block?.why).toContain("still starting");
  });

  it("asks NVIDIA's library only where there is a trace of such a device", async () => {
    let asked = 0;
    const nvidia = () => {
      asked += 1;
      return Promise.resolve(null);
    };
    await takeInventory(probes, 1_000, { root, nvidia });
    expect(asked).toBe(0);
  });
});
