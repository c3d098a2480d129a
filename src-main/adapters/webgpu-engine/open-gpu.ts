/**
 * Decides which graphics adapters there are and how one is opened. Dawn answers a wish with one
 * adapter, so each wish is made once; what it finds is named as its driver names it.
 */
/// <reference types="@webgpu/types" />
import { create, globals } from "webgpu";
import { Fault } from "../../contract/outcome.ts";
import { GpuDevice } from "./gpu-device.ts";
import { ADAPTER_NAME_MAX, ADAPTERS_MAX } from "./limits.ts";

/** A graphics adapter that can be opened. */
export interface GpuAdapter {
  readonly name: string;
  readonly vendor: string;
  /** Whether a processor does the work of a GPU. */
  readonly isSoftware: boolean;
}

/**
 * What `create` answers must be held: Dawn ends with it, and what it made then ends the process.
 */
const roots: GPU[] = [];

function newRoot(): GPU {
  Object.assign(globalThis, globals);
  const root = create([]);
  roots.push(root);
  return root;
}

const WISHES: readonly GPURequestAdapterOptions[] = [
  { powerPreference: "high-performance" },
  { powerPreference: "low-power" },
  { forceFallbackAdapter: true },
];

function described({ info }: GPUAdapter): GpuAdapter {
  const parts = [info.description, info.device, info.architecture, info.vendor];
  const name = parts.find((part) => part !== "") ?? "unnamed adapter";
  return {
    name: name.trim().slice(0, ADAPTER_NAME_MAX),
    vendor: info.vendor,
    isSoftware: info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp/i.test(name),
  };
}

interface Found {
  readonly root: GPU;
  readonly adapter: GPUAdapter;
  readonly about: GpuAdapter;
}

async function found(): Promise<readonly Found[]> {
  const root = newRoot();
  const all: Found[] = [];
  for (const wish of WISHES) {
    const adapter = await root.requestAdapter(wish).catch(() => null);
    if (adapter === null) continue;
    const about = described(adapter);
    if (all.some((other) => other.about.name === about.name)) continue;
    all.push({ root, adapter, about });
  }
  // A GPU before a processor that plays one.
  const [real, soft] = [false, true].map((is) => all.filter((one) => one.about.isSoftware === is));
  return [...real, ...soft].slice(0, ADAPTERS_MAX);
}

/** The adapters of this machine, GPUs first. */
export async function gpuAdapters(): Promise<readonly GpuAdapter[]> {
  return (await found()).map(({ about }) => about);
}

/**
 * Opens a device with all that its adapter can hold.
 * @param name  as `gpuAdapters` tells it; the first one where absent
 * Throws Fault WEBGPU_ENGINE_ABSENT where there is no such adapter, WEBGPU_ENGINE_BROKEN where it
 * gives no device.
 */
export async function openGpu(name?: string): Promise<GpuDevice> {
  const all = await found();
  const one = all.find(({ about }) => name === undefined || about.name === name);
  if (one === undefined) {
    const facts = { wanted: name ?? "any", here: all.map(({ about }) => about.name).join(", ") };
    throw new Fault("WEBGPU_ENGINE_ABSENT", "no such graphics adapter here", facts);
  }
  const { limits } = one.adapter;
  try {
    const device = await one.adapter.requestDevice({
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      },
    });
    return new GpuDevice(one.about.name, device, one.root);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const facts = { device: one.about.name, reason: reason.slice(0, 300) };
    throw new Fault("WEBGPU_ENGINE_BROKEN", "the adapter gave no device", facts, error);
  }
}
