/**
 * Decides how a graphics device is held: what it compiled is kept by name, its errors become
 * faults with codes, and a device that is lost says so at every later call.
 */
/// <reference types="@webgpu/types" />
import { Fault } from "../../contract/outcome.ts";
import type { Kernel } from "./kernel.ts";
import { NUMBERS_ALIGNMENT } from "./limits.ts";
import { TensorReader } from "./tensor-reader.ts";

/** A compiled kernel and how its tensors are bound. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

const STORAGE = 0x80; // GPUBufferUsage.STORAGE
const COPY_SRC = 0x04;
const COPY_DST = 0x08;
const MAP_READ = 0x01;
const COMPUTE_STAGE = 0x04;

// A validation error of WebGPU's is no Error of JavaScript's.
const hasMessage = (error: unknown): error is { readonly message: string } =>
  typeof error === "object" && error !== null && "message" in error;

const reasonOf = (error: unknown): string =>
  (hasMessage(error) ? error.message : String(error)).split("\n")[0].slice(0, 300);

/** What kernels may count on. */
export interface GpuTraits {
  /** Adapter and driver in their own words; another driver has others. */
  readonly identity: string;
  /** Whether a processor does the work of a GPU; then waiting at a barrier is dear. */
  readonly isSoftware: boolean;
  /** Whether it multiplies matrices of signed bytes. */
  readonly hasMatrices: boolean;
}

/** An opened device. */
export class GpuDevice {
  readonly name: string;
  readonly traits: GpuTraits;
  readonly #device: GPUDevice;
  /** The library's own object; the device lives no longer than it is held. */
  readonly #root: GPU;
  readonly #pipelines = new Map<string, Promise<Pipeline>>();
  /** Whoever waits for the device, to be woken when it is lost. */
  readonly #waiting = new Set<() => void>();
  readonly #reader: TensorReader;
  #lost: GPUDeviceLostInfo | undefined;
  #error: string | undefined;

  constructor(name: string, device: GPUDevice, root: GPU, traits: GpuTraits) {
    this.name = name;
    this.traits = traits;
    this.#device = device;
    this.#reader = new TensorReader(device);
    this.#root = root;
    void device.lost.then((info) => {
      this.#lost = info;
      for (const wake of this.#waiting) wake();
    });
    device.addEventListener("uncapturederror", (event) => {
      this.#error ??= reasonOf((event as GPUUncapturedErrorEvent).error);
    });
  }

  /** Bytes of the largest tensor. */
  get tensorBytesMax(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  /** Tensors that a kernel may be bound to. */
  get tensorsMax(): number {
    return this.#device.limits.maxStorageBuffersPerShaderStage;
  }

  /** Whether WGSL on this device has a language feature. */
  hasLanguageFeature(feature: string): boolean {
    return this.#root.wgslLanguageFeatures.has(feature);
  }

  /** Throws Fault WEBGPU_ENGINE_LOST or WEBGPU_ENGINE_BROKEN where the device no longer works. */
  mustWork(): void {
    if (this.#lost !== undefined) {
      const { reason, message } = this.#lost;
      const facts = { device: this.name, reason: `${reason}: ${message}`.slice(0, 300) };
      throw new Fault("WEBGPU_ENGINE_LOST", "the graphics device was lost", facts);
    }
    if (this.#error !== undefined) {
      const facts = { device: this.name, reason: this.#error };
      throw new Fault("WEBGPU_ENGINE_BROKEN", "the graphics device refused a command", facts);
    }
  }

  /** What `work` answers; a failure is the fault that the device's state explains. */
  async settled<T>(work: () => Promise<T>): Promise<T> {
    this.mustWork();
    // Not by `lost.then`: what waits for that is held as long as the device lives.
    const { promise: lost, resolve: wake } = Promise.withResolvers<void>();
    this.#waiting.add(wake);
    try {
      const answer = await Promise.race([work(), lost]);
      this.mustWork();
      return answer as T;
    } catch (error) {
      if (error instanceof Fault) throw error;
      // What failed because the device is gone is told before the device's own message is.
      await new Promise((resolve) => setImmediate(resolve));
      this.mustWork();
      const facts = { device: this.name, reason: reasonOf(error) };
      throw new Fault("WEBGPU_ENGINE_BROKEN", "the graphics device failed", facts, error);
    } finally {
      this.#waiting.delete(wake);
    }
  }

  /**
   * Memory of that many bytes each.
   * Throws Fault WEBGPU_ENGINE_MEMORY where the device has no more; nothing is then kept.
   */
  async buffers(sizes: readonly number[]): Promise<readonly GPUBuffer[]> {
    const usage = STORAGE | COPY_SRC | COPY_DST;
    const made: GPUBuffer[] = [];
    this.mustWork();
    this.#device.pushErrorScope("out-of-memory");
    this.#device.pushErrorScope("validation");
    let refused: string | undefined;
    try {
      for (const size of sizes) made.push(this.#device.createBuffer({ size, usage }));
    } catch (error) {
      // A size that the library itself cannot take is thrown at once.
      refused = reasonOf(error);
    }
    const errors = [this.#device.popErrorScope(), this.#device.popErrorScope()];
    const told = await this.settled(async () => (await Promise.all(errors)).find(Boolean));
    refused ??= told?.message;
    if (refused !== undefined) {
      for (const buffer of made) buffer.destroy();
      const facts = { device: this.name, reason: reasonOf(refused) };
      throw new Fault("WEBGPU_ENGINE_MEMORY", "the graphics device has no more memory", facts);
    }
    return made;
  }

  /** The compiled kernel; compiled once. */
  pipeline(kernel: Kernel): Promise<Pipeline> {
    const known = this.#pipelines.get(kernel.name);
    if (known !== undefined) return known;
    const made = this.settled(() => this.#compile(kernel));
    this.#pipelines.set(kernel.name, made);
    made.catch(() => this.#pipelines.delete(kernel.name));
    return made;
  }

  async #compile({ name, code, access }: Kernel): Promise<Pipeline> {
    const entries = Array.from({ length: access.length + 1 }, (_, binding) => {
      const isWritten = binding > 0 && access[binding - 1] === "w";
      const type = isWritten ? ("storage" as const) : ("read-only-storage" as const);
      return { binding, visibility: COMPUTE_STAGE, buffer: { type } };
    });
    // A text that a device does not take is its kernel's failure and not the device's.
    this.#device.pushErrorScope("validation");
    const layout = this.#device.createBindGroupLayout({ entries });
    const module = this.#device.createShaderModule({ label: name, code });
    const refused = await this.#device.popErrorScope();
    if (refused !== null) throw new Error(refused.message);
    const pipeline = await this.#device.createComputePipelineAsync({
      label: name,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    return { pipeline, layout };
  }

  /** Binds a dispatch's numbers, `words` of them from byte `offset`, and its tensors. */
  bind(
    { layout }: Pipeline,
    numbers: GPUBuffer,
    { offset, words }: { readonly offset: number; readonly words: number },
    tensors: readonly GPUBuffer[],
  ): GPUBindGroup {
    return this.#device.createBindGroup({
      layout,
      entries: [
        { binding: 0, resource: { buffer: numbers, offset, size: 4 * words } },
        ...tensors.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
      ],
    });
  }

  /** Copies bytes to the device, in order with what is submitted. */
  write(buffer: GPUBuffer, bytes: ArrayBufferView<ArrayBuffer>): void {
    this.mustWork();
    this.#device.queue.writeBuffer(buffer, 0, bytes);
  }

  /**
   * Records commands and hands them over.
   * @returns ends when the device has done them, or is lost; it never rejects
   */
  submit(record: (encoder: GPUCommandEncoder) => void): Promise<void> {
    this.mustWork();
    const encoder = this.#device.createCommandEncoder();
    record(encoder);
    this.#device.queue.submit([encoder.finish()]);
    // What goes wrong is told by whatever is asked of the device next.
    return this.#device.queue.onSubmittedWorkDone().catch(() => undefined);
  }

  /** Waits until the device has done all that it was handed. */
  finished(): Promise<void> {
    return this.settled(() => this.#device.queue.onSubmittedWorkDone().then(() => undefined));
  }

  /** Memory that the host can read what is copied to it. */
  staging(size: number): GPUBuffer {
    this.mustWork();
    return this.#device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  }

  /** What such memory holds when all that was handed over is done. */
  readStaging(from: GPUBuffer, words: number): Promise<Float32Array> {
    return this.settled(async () => {
      await from.mapAsync(1);
      const values = new Float32Array(words);
      values.set(new Float32Array(from.getMappedRange(0, 4 * words)));
      from.unmap();
      return values;
    });
  }

  /** A copy of the first `into.length` words of a buffer. */
  async read(from: GPUBuffer, into: Float32Array): Promise<Float32Array> {
    await this.settled(() => this.#reader.read(from, into));
    return into;
  }

  /** Ends the device: as its owner, or in a test as a driver does that fails. */
  destroy(): void {
    this.#lost ??= { __brand: "GPUDeviceLostInfo", reason: "destroyed", message: "by its owner" };
    this.#device.destroy();
  }
}

/** Where each of several runs of numbers begins in one buffer, in bytes, and its whole size. */
export function numbersLayout(lengths: readonly number[]): {
  readonly offsets: readonly number[];
  readonly bytes: number;
} {
  const offsets: number[] = [];
  let bytes = 0;
  for (const length of lengths) {
    offsets.push(bytes);
    bytes += Math.ceil((4 * length) / NUMBERS_ALIGNMENT) * NUMBERS_ALIGNMENT;
  }
  return { offsets, bytes: Math.max(bytes, NUMBERS_ALIGNMENT) };
}
