/**
 * Decides which graphics adapters there are and how one is opened. Dawn answers a wish with one
 * adapter, so each wish is made once; what it finds is named as its driver names it.
 */
/// <reference types="@webgpu/types" />
import { create, globals } from "webgpu";
import { Fault } from "../../contract/outcome.ts";
import { GpuDevice } from "./gpu-device.ts";
import { ADAPTER_NAME_MAX, ADAPTERS_MAX } from "./limits.ts";
import { MATRIX_SHAPE, MATRIX_SUBGROUP } from "./wgsl/matrix-kernels.ts";

/** A graphics adapter that can be opened. */
export interface GpuAdapter {
  readonly name: string;
  readonly vendor: string;
  /** Whether a processor does the work of a GPU. */
  readonly isSoftware: boolean;
}

/** Matrix units are an experiment of WGSL's, which Dawn offers only to those who say so. */
const DAWN_OPTIONS = ["enable-dawn-features=allow_unsafe_apis"];

/** Features that are asked for where an adapter has them. */
const WISHED_FEATURES = ["subgroups", "chromium-experimental-subgroup-matrix"];

/**
 * What `create` answers must be held: Dawn ends with it, and what it made then ends the process.
 */
const roots: GPU[] = [];

function newRoot(): GPU {
  Object.assign(globalThis, globals);
  const root = create(DAWN_OPTIONS);
  roots.push(root);
  return root;
}

const WISHES: readonly GPURequestAdapterOptions[] = [
  { powerPreference: "high-performance" },
  { powerPreference: "low-power" },
  { forceFallbackAdapter: true },
];

function described({ info }: GPUAdapter): GpuAdapter {
  // The description is the driver's on some systems, and changes with it.
  const parts = [info.device, info.description, info.architecture, info.vendor];
  const name = parts.find((part) => part !== "") ?? "unnamed adapter";
  const words = parts.join(" ");
  return {
    name: name.replace(/[-\s]+$/u, "").slice(0, ADAPTER_NAME_MAX),
    vendor: info.vendor,
    isSoftware: info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp/i.test(words),
  };
}

/** All that the driver says of an adapter and itself: what was found of one holds for no other. */
function identityOf({ info, limits }: GPUAdapter): string {
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } = info;
  const words = [vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize];
  return JSON.stringify([...words, limits.maxStorageBuffersPerShaderStage]);
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

/** Whether an adapter multiplies matrices of signed bytes as `MATRIX_SHAPE` says. */
function hasMatrices({ info, features }: GPUAdapter): boolean {
  const { subgroupMatrixConfigs: shapes } = info as {
    subgroupMatrixConfigs?: Iterable<MatrixShape>;
  };
  if (shapes === undefined || !WISHED_FEATURES.every((name) => features.has(name))) return false;
  // Subgroups of any other size would hold a matrix otherwise.
  if (info.subgroupMinSize !== MATRIX_SUBGROUP || info.subgroupMaxSize !== MATRIX_SUBGROUP) {
    return false;
  }
  const { M, N, K } = MATRIX_SHAPE;
  return [...shapes].some(
    (one) =>
      one.componentType === "i8" &&
      one.resultComponentType === "i32" &&
      one.M === M &&
      one.N === N &&
      one.K === K,
  );
}

interface MatrixShape {
  readonly componentType: string;
  readonly resultComponentType: string;
  readonly M: number;
  readonly N: number;
  readonly K: number;
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
  const { limits, features } = one.adapter;
  try {
    const device = await one.adapter.requestDevice({
      requiredFeatures: WISHED_FEATURES.filter((name) => features.has(name)) as GPUFeatureName[],
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
      },
    });
    return new GpuDevice(one.about.name, device, one.root, {
      identity: identityOf(one.adapter),
      isSoftware: one.about.isSoftware,
      hasMatrices: hasMatrices(one.adapter),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const facts = { device: one.about.name, reason: reason.slice(0, 300) };
    throw new Fault("WEBGPU_ENGINE_BROKEN", "the adapter gave no device", facts, error);
  }
}
