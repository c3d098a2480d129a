import { describe, expect, it } from "vitest";
import type { Block, FoundDevice, Inventory } from "../../../../src-main/adapters/machine/index.ts";
import { checkDevices } from "../../../../src-main/processes/doctor/check-devices.ts";
import type { Look } from "../../../../src-main/processes/doctor/check-devices.ts";

const cores = { coresPhysical: 1, coresLogical: 1, coresAvailable: 1 };
const machine = { system: "Linux", cpuName: "c", ...cores, memoryBytes: 1, surroundings: [] };
const bare: Inventory = { machine, gpus: [], closed: [], incomplete: [] };

const examine = (fields: Partial<Look>) =>
  checkDevices(() => Promise.resolve({ ...bare, ...fields }));

function gpu(block: Block | null) {
  return { vendor: "NVIDIA", model: "NVIDIA L4", memoryBytes: null, driver: null, block };
}

describe("check-devices", () => {
  it("says that there is none, and where the system runs", async () => {
    const surroundings = ["Docker container", "KVM"];
    const [only, ...more] = await examine({ machine: { ...machine, surroundings } });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ verdict: "ok", text: "no accelerator; Docker container, KVM" });
  });

  it("names the command where something stands in a device's way", async () => {
    const block = { cause: "no-driver", why: "No driver for it is loaded.", next: "Load it." };
    const [, found] = await examine({ gpus: [gpu(block as Block)] });
    expect(found).toMatchObject({ verdict: "attention", next: "Load it." });
    expect(found.text).toBe("NVIDIA L4: No driver for it is loaded.");
  });

  it("finds nothing amiss with what no version could use, nor with an open device", async () => {
    const block: Block = { cause: "no-engine", why: "No engine.", next: "Ask libtpu." };
    const tpu = { kind: "tpu", name: "Google TPU v5e", block } as FoundDevice;
    const found = await examine({ gpus: [gpu(null)], others: [tpu] });
    expect(found.map(({ verdict }) => verdict)).toEqual(["ok", "ok"]);
  });

  it("names closed nodes and what could not be read", async () => {
    const node = { path: "/dev/kfd", vendor: "AMD", owner: "root:render, mode 660", next: "Join." };
    const found = await examine({ closed: [node], incomplete: ["devices"] });
    expect(found.map(({ verdict }) => verdict)).toEqual(["ok", "attention", "attention"]);
    expect(found[1].next).toBe("Join.");
  });

  it("says how a cap is kept, and the command where root alone sets a card's limit", async () => {
    const limit = { name: "NVIDIA L4", command: "sudo nvidia-smi -i GPU-1 -pl WATTS" };
    const limits = [
      { ...limit, maySet: false },
      { ...limit, maySet: true },
    ];
    const [, refused, allowed] = await examine({ limits });
    expect([refused.verdict, allowed.verdict]).toEqual(["ok", "ok"]);
    expect(refused.text).toMatch(/kept by rests.*sudo nvidia-smi -i GPU-1 -pl WATTS$/u);
    expect(allowed.text).toContain("by the card itself");
  });
});
