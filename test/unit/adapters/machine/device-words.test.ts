import { describe, expect, it } from "vitest";

import {
  cpuLine,
  describeDevices,
  nativeEngineAdvice,
} from "../../../../src-main/adapters/machine/device-words.ts";
import type { Inventory } from "../../../../src-main/adapters/machine/index.ts";
import { checkResult } from "../../../../src-main/contract/control-api/index.ts";

const inventory: Inventory = {
  machine: {
    system: "Debian GNU/Linux 12, x64",
    cpuName: "AMD Ryzen 7 5800X",
    coresPhysical: 8,
    coresLogical: 16,
    coresAvailable: 16,
    memoryBytes: 34_359_738_368,
    surroundings: [],
  },
  gpus: [
    {
      vendor: "NVIDIA Corporation",
      model: "NVIDIA GeForce RTX 4070",
      memoryBytes: 12_884_901_888,
      driver: "550.54",
    },
    { vendor: "Red Hat", model: "Virtio GPU", memoryBytes: null, driver: null },
  ],
  closed: [],
  incomplete: [],
};
const native = {
  engine: "native-cpu",
  variant: "avx2, 8 threads",
  exact: true,
  reason: null,
} as const;

describe("describeDevices", () => {
  it("calls a GPU idle, never usable, where its driver offers nothing to compute with", () => {
    const [, gpu, screen] = describeDevices(inventory, native);
    expect(gpu).toMatchObject({ id: "gpu-0", use: "not-usable", engine: null, exact: null });
    expect(gpu.name).toBe("NVIDIA GeForce RTX 4070, 12.0 GiB");
    expect(gpu.why).toContain("Idle");
    expect(screen.why).toContain("cannot compute");
  });

  it("says of the CPU that it is in use and exact", () => {
    const [cpu] = describeDevices(inventory, native);
    expect(cpu).toMatchObject({ id: "cpu", use: "in-use", exact: true, next: null });
  });

  it("says which faster variant was left out", () => {
    const reason = "avx512vnni, 8 threads: not exact here: op div";
    const [cpu] = describeDevices(inventory, { ...native, reason });
    expect(cpu).toMatchObject({ use: "in-use", exact: true });
    expect(cpu.why).toContain(`Left out: ${reason}.`);
  });

  it("says how to get the native engine where WebAssembly works", () => {
    const wasm = { ...native, engine: "wasm", reason: "it was not built" } as const;
    const [cpu] = describeDevices(inventory, wasm);
    expect(cpu).toMatchObject({ use: "in-use", exact: true, engine: "wasm" });
    expect(cpu.why).toContain("it was not built");
    expect(cpu.next).toBe(nativeEngineAdvice(process.platform));
  });

  it("says how to get the native engine where the reference works", () => {
    const reference = { ...native, engine: "reference", reason: "it was not built" } as const;
    const [cpu] = describeDevices(inventory, reference);
    expect(cpu.use).toBe("in-use");
    expect(cpu.why).toContain("it was not built");
    expect(cpu.next).toBe(nativeEngineAdvice(process.platform));
  });

  it("does not let a device earn whose kernel failed, and names the op", () => {
    const [cpu] = describeDevices(inventory, { ...native, exact: false, reason: "op div" });
    expect(cpu).toMatchObject({ use: "not-usable", exact: false, why: "Not exact here: op div." });
  });

  it("says which command opens a closed GPU, and lists a node of no GPU", () => {
    const node = { owner: "root:render, mode 660", next: "Run sudo usermod -aG render $USER." };
    const closed = [
      { path: "/dev/nvidia0", vendor: "NVIDIA", ...node },
      { path: "/dev/accel/accel0", vendor: null, ...node },
    ];
    const described = describeDevices({ ...inventory, closed }, native);
    expect(described.map(({ id, next }) => [id, next])).toEqual([
      ["cpu", null],
      ["gpu-0", node.next],
      ["gpu-1", null],
      ["node-0", node.next],
    ]);
    expect(described[1].why).toBe(
      "This account may not open /dev/nvidia0 (root:render, mode 660).",
    );
    expect(checkResult("devices", { machine: inventory.machine, devices: described }).ok).toBe(
      true,
    );
  });

  it("fits the control API", () => {
    const devices = describeDevices(inventory, native);
    expect(checkResult("devices", { machine: inventory.machine, devices }).ok).toBe(true);
  });
});

describe("describeDevices with graphics engines", () => {
  const found = {
    name: "NVIDIA GeForce RTX 4070",
    vendor: "nvidia",
    isSoftware: false,
    variant: "NVIDIA GeForce RTX 4070, slices",
    exact: true,
    reason: null,
  };
  const gpuOf = (engine: typeof found | (Omit<typeof found, "reason"> & { reason: string })) =>
    describeDevices(inventory, native, { engines: [engine], inUse: null })[1];

  it("calls a GPU usable that is exact, and says how to use it", () => {
    const gpu = gpuOf(found);
    expect(gpu).toMatchObject({ use: "usable", engine: "webgpu", exact: true });
    expect(gpu.next).toContain('engine = "webgpu"');
  });

  it("says which engine drives it", () => {
    const cuda = { ...found, engine: "cuda" as const, variant: "RTX 4070, compute 8.9" };
    const gpu = gpuOf(cuda);
    expect(gpu).toMatchObject({ use: "usable", engine: "cuda", variant: "RTX 4070, compute 8.9" });
    expect(gpu.next).toContain('engine = "cuda"');
    expect(gpuOf({ ...cuda, exact: false, reason: "not exact here: op exp" }).engine).toBe("cuda");
  });

  it("names the op where it is not exact, and never calls it usable", () => {
    const gpu = gpuOf({ ...found, exact: false, reason: "not exact here: op exp" });
    expect(gpu).toMatchObject({ use: "not-usable", exact: false });
    expect(gpu.why).toContain("not exact here: op exp");
  });

  it("says that the GPU trains and the processor checks", () => {
    const inUse = { engines: [found], inUse: found.name };
    const [cpu, gpu] = describeDevices(inventory, native, inUse);
    expect(gpu.use).toBe("in-use");
    expect(cpu.why).toMatch(/^Checks units with/u);
  });

  it("tells two GPUs of one name apart, by their own number or their place", () => {
    const [gpu] = inventory.gpus;
    const second = { ...found, uuid: "GPU-2", bus: "0000:0b:00.0" };
    for (const [one, other] of [
      [{ uuid: "GPU-1" }, { uuid: "GPU-2" }],
      [{ pciId: "0000:0a:00.0" }, { pciId: "00000000:0B:00.0" }],
    ] as const) {
      const gpus = [
        { ...gpu, ...one },
        { ...gpu, ...other },
      ];
      const graphics = { engines: [second], inUse: second.name };
      const devices = describeDevices({ ...inventory, gpus }, native, graphics);
      expect(devices.slice(1, 3).map(({ use }) => use === "in-use")).toEqual([false, true]);
    }
  });

  it("finds a GPU by its maker where its driver names it otherwise", () => {
    expect(gpuOf({ ...found, name: "AD104" })).toMatchObject({ use: "usable", exact: true });
  });

  it("lists a software adapter only where it trains", () => {
    const soft = { ...found, name: "SwiftShader", vendor: "google", isSoftware: true };
    const listed = (inUse: string | null) =>
      describeDevices(inventory, native, { engines: [soft], inUse }).map(({ name }) => name);
    expect(listed(null)).not.toContain("SwiftShader");
    expect(listed("SwiftShader")).toContain("SwiftShader");
  });

  it("says that GPUs are being checked until it is known", () => {
    const [, gpu] = describeDevices(inventory, native, { engines: null, inUse: null });
    expect(gpu.why).toContain("Being checked");
    const devices = describeDevices(inventory, native, { engines: [found], inUse: found.name });
    expect(checkResult("devices", { machine: inventory.machine, devices }).ok).toBe(true);
  });
});

describe("cpuLine", () => {
  it("says how many cores there are, and how many of them may be used when fewer", () => {
    expect(cpuLine(inventory)).toBe("AMD Ryzen 7 5800X (8 cores)");
    const machine = { ...inventory.machine, coresAvailable: 2 };
    expect(cpuLine({ ...inventory, machine })).toBe("AMD Ryzen 7 5800X (8 cores, 2 usable here)");
  });
});

describe("nativeEngineAdvice", () => {
  it("names packages for every system", () => {
    expect(nativeEngineAdvice("linux")).toContain("g++");
    expect(nativeEngineAdvice("darwin")).toContain("xcode-select");
    expect(nativeEngineAdvice("win32")).toContain("Build Tools");
  });
});
