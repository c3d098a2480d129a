import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { describeDevices } from "../../../../src-main/adapters/machine/index.ts";
import type { NvidiaAnswer } from "../../../../src-main/adapters/machine/index.ts";
import { joinGpus, otherDevices } from "../../../../src-main/adapters/machine/join-devices.ts";
import { readMachine } from "../../../../src-main/adapters/machine/read-machine.ts";
import { surroundingsWords } from "../../../../src-main/adapters/machine/surroundings.ts";
import { checkResult } from "../../../../src-main/contract/control-api/index.ts";

const PLACE = "sys/bus/pci/devices/0000:01:00.0";
const NODE = "sys/class/kfd/kfd/topology/nodes/1";

/** Files that are read, each with any text: what a driver writes is not ours to trust. */
const FILES = [
  ...["vendor", "device", "class", "subsystem_device", "mem_info_vram_total", "product_name"].map(
    (name) => `${PLACE}/${name}`,
  ),
  `${PLACE}/unique_id`,
  `${NODE}/properties`,
  `${NODE}/mem_banks/0/properties`,
  "proc/modules",
  "proc/cmdline",
  "proc/version",
  "proc/meminfo",
  "proc/self/cgroup",
  "sys/fs/cgroup/cpu.max",
  "sys/fs/cgroup/memory.max",
  "etc/modprobe.d/any.conf",
  "sys/bus/usb/devices/1-1/idVendor",
  "sys/bus/usb/devices/1-1/idProduct",
  "dev/nvidia0",
  "dev/accel/accel0",
];

const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.constantFrom("0x10de", "0x1002", "0x8086", "0x1ae0", "0x0027", "0x030000", "0x120000"),
  fc.constantFrom("simd_count 4\nlocation_id 256\ngfx_target_version 90402", "max 100000", "-1"),
  fc.constantFrom("0::/../../..", "blacklist nvidia", "99999999999999999999", "1a6e", "089a"),
);

/** The numbers of a device are mostly ones that are known, so that its other files are read. */
const digits = fc.record({
  vendor: fc.constantFrom("0x10de", "0x1002", "0x8086", "0x1ae0", "0x1ac1", "0x1022", "0x1da3"),
  device: fc.constantFrom("0x0027", "0x0063", "0x089a", "0x1502", "0x2330", "0x7d1d"),
  class: fc.constantFrom("0x030000", "0x030200", "0x120000", "0x020000"),
});

const answer: NvidiaAnswer = { state: "absent", reason: "failed", why: "w", next: "n" };

function lay(root: string, texts: readonly string[], driver: string): void {
  for (const [index, file] of FILES.entries()) {
    const at = join(root, file);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, texts[index]);
  }
  symlinkSync(driver, join(root, PLACE, "driver"));
}

describe.skipIf(process.platform === "win32")("reading a machine", () => {
  it("never throws, and what it says fits the control API, whatever the files hold", () => {
    const texts = fc.array(text, { minLength: FILES.length, maxLength: FILES.length });
    const driver = fc.constantFrom("../nvidia", "../vfio-pci", "../amdgpu", "x", "../nouveau");
    fc.assert(
      fc.property(texts, digits, driver, fc.boolean(), (rest, known, link, asked) => {
        const given = [known.vendor, known.device, known.class, ...rest.slice(3)];
        const root = mkdtempSync(join(tmpdir(), "vivian-any-"));
        try {
          lay(root, given, link);
          const reading = readMachine(root, { uid: 1, gids: [] });
          const cores = { coresPhysical: 1, coresLogical: 1, coresAvailable: 1 };
          const surroundings = surroundingsWords(reading.surroundings);
          const about = { system: "s", cpuName: "c", ...cores, memoryBytes: 1 };
          const machine = { ...about, surroundings: surroundings.map((one) => one.slice(0, 64)) };
          const gpus = joinGpus(reading, asked ? answer : null, []);
          const others = otherDevices(reading, "c");
          const inventory = { machine, gpus, others, closed: reading.closed, incomplete: [] };
          const engine = { engine: "wasm", variant: "", exact: true, reason: null } as const;
          const devices = describeDevices(inventory, engine);
          expect(checkResult("devices", { machine, devices }).ok).toBe(true);
        } finally {
          rmSync(root, { recursive: true, force: true });
        }
      }),
      { numRuns: 150 },
    );
  });
});
