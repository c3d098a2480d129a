/** Decides how a graphics device serves as an engine backend. */
/// <reference types="@webgpu/types" />
import { Fault, invariant } from "../../contract/outcome.ts";
import { batchBytes, firstNonCanonical, openProgram } from "../../engine/index.ts";
import type { Program } from "../../engine/index.ts";
import { load } from "../../engine/ops/load.ts";
import type { EngineBackend, EngineSession } from "../../ports/engine-backend.ts";
import { numbersLayout } from "./gpu-device.ts";
import type { GpuDevice, Pipeline } from "./gpu-device.ts";
import type { Dispatch, Slot } from "./kernel.ts";
import { GROUPS_IN_ROW, SESSION_BYTES_MAX, STEPS_IN_FLIGHT_MAX } from "./limits.ts";
import type { ProductChoices } from "./ops/exact-product.ts";
import { deviceOps, planProgram } from "./plan-program.ts";
import type { StepPlan } from "./plan-program.ts";
import { StagedOutputs } from "./staged-outputs.ts";

/** What a backend is made with. */
export interface WebgpuOptions {
  /** Which kernels multiply; all give equal bytes. */
  readonly products: ProductChoices;
  /** Whether lines are gathered within workgroups; absent: as it is faster on the device. */
  readonly gathers?: boolean;
  /**
   * Whether ops that go element by element become one kernel; absent: as it is faster on the
   * device. A processor that plays a GPU is longer at compiling these than they save.
   */
  readonly fuses?: boolean;
  /** Bytes one session may hold. */
  readonly memoryBytesMax?: number;
}

/**
 * A session; the bytes it holds are known before its first step. `run` hands a step over and may
 * end before it is done: whatever is read next waits for it, and tells what became of it.
 */
export interface WebgpuSession extends EngineSession {
  readonly memoryBytes: number;
  /** Waits until all steps are done. */
  finished(): Promise<void>;
}

/** A backend on a graphics device. */
export interface WebgpuBackend extends EngineBackend {
  open(programBytes: Uint8Array): Promise<WebgpuSession>;
}

/** A dispatch with all that it is bound to, in even steps and in odd ones. */
interface Bound {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: readonly [GPUBindGroup, GPUBindGroup];
  readonly across: number;
  readonly down: number;
}

/** States lie in one of two places: a step reads one and leaves them in the other. */
type Parity = 0 | 1;

/** Memory of a slot: never empty, and whole vectors of four words. */
const bytesOf = ({ words }: Slot): number => Math.max(16, Math.ceil(words / 4) * 16);

/** What a session is made with. */
interface SessionNeeds {
  readonly device: GpuDevice;
  readonly program: Program;
  readonly plan: StepPlan;
  readonly memoryBytes: number;
  /** Opens the same program with each op on its own. */
  readonly openPlain: () => Promise<SessionOnDevice>;
}

class SessionOnDevice implements WebgpuSession {
  readonly #device: GpuDevice;
  readonly #program: Program;
  readonly #plan: StepPlan;
  readonly #openPlain: () => Promise<SessionOnDevice>;
  readonly #memory = new Map<Slot, GPUBuffer>();
  readonly #twins: ReadonlyMap<Slot, Slot>;
  /** What some dispatch is bound to, or some copy takes; nothing else is brought to the device. */
  readonly #read: ReadonlySet<Slot>;
  readonly #numbers: GPUBuffer[] = [];
  #once: readonly Bound[] = [];
  #each: readonly Bound[] = [];
  #parity: Parity = 0;
  #last: { readonly step: number; readonly batch: Uint8Array } | undefined;
  /** The last step again, each op on its own. */
  #again: Promise<SessionOnDevice> | undefined;
  /** Steps that were handed over, oldest first. */
  readonly #inFlight: Promise<void>[] = [];
  readonly #staged: StagedOutputs;
  readonly memoryBytes: number;

  constructor({ device, program, plan, memoryBytes, openPlain }: SessionNeeds) {
    this.#device = device;
    this.#program = program;
    this.#plan = plan;
    this.#openPlain = openPlain;
    this.#twins = new Map(plan.twins.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
    const shown = program.outputs.map(({ value: { from, index } }) =>
      from === "op" ? plan.values[index] : undefined,
    );
    const bound = [...plan.once, ...plan.each].flatMap(({ slots }) => slots);
    const copied = plan.updates.map(({ from }) => from);
    this.#read = new Set([...bound, ...copied, ...shown.filter((slot) => slot !== undefined)]);
    this.#staged = new StagedOutputs(device, shown);
    this.memoryBytes = memoryBytes;
  }

  /** Takes the memory and binds every dispatch. Throws Fault WEBGPU_ENGINE_MEMORY. */
  async prepare(): Promise<void> {
    const { slots, once, each } = this.#plan;
    const all = [...once, ...each];
    const { offsets, bytes } = numbersLayout(all.map(({ numbers }) => numbers.length));
    const buffers = await this.#device.buffers([bytes, ...slots.map(bytesOf)]);
    const numbers = buffers[0];
    this.#numbers.push(numbers);
    slots.forEach((slot, i) => this.#memory.set(slot, buffers[i + 1]));
    const words = new Int32Array(bytes / 4);
    all.forEach((dispatch, i) =>
      words.set(
        dispatch.numbers.map((n) => n | 0),
        offsets[i] / 4,
      ),
    );
    this.#device.write(numbers, words);
    this.#staged.prepare();
    const pipelines = await Promise.all(all.map(({ kernel }) => this.#device.pipeline(kernel)));
    const bound = all.map((dispatch, i) =>
      this.#bound(dispatch, pipelines[i], numbers, offsets[i]),
    );
    this.#once = bound.slice(0, once.length);
    this.#each = bound.slice(once.length);
  }

  #bound(dispatch: Dispatch, pipeline: Pipeline, numbers: GPUBuffer, offset: number): Bound {
    const range = { offset, words: dispatch.numbers.length };
    const bind = (parity: Parity): GPUBindGroup => {
      const tensors = dispatch.slots.map((slot) => this.#bufferOf(slot, parity));
      return this.#device.bind(pipeline, numbers, range, tensors);
    };
    const even = bind(0);
    const moves = dispatch.slots.some((slot) => this.#twins.has(slot));
    const across = Math.min(dispatch.groups, GROUPS_IN_ROW);
    return {
      pipeline: pipeline.pipeline,
      bindings: [even, moves ? bind(1) : even],
      across,
      down: Math.ceil(dispatch.groups / across),
    };
  }

  #bufferOf(slot: Slot, parity: Parity = this.#parity): GPUBuffer {
    const buffer = this.#memory.get(parity === 0 ? slot : (this.#twins.get(slot) ?? slot));
    invariant(buffer !== undefined, "each slot of a plan has its memory");
    return buffer;
  }

  /** What the last step saw. */
  get #before(): Parity {
    return this.#parity === 0 ? 1 : 0;
  }

  upload(state: number, values: Float32Array): Promise<void> {
    const slot = this.#plan.states[state];
    invariant(slot !== undefined && slot.words === values.length, "a state has its own size");
    this.#forget();
    return this.#device.settled(() => {
      const wrong = firstNonCanonical(values);
      if (wrong >= 0) {
        const facts = { state, element: wrong };
        throw new Fault("ENGINE_NUMBER", "state values are not canonical", facts);
      }
      this.#device.write(this.#bufferOf(slot), values as Float32Array<ArrayBuffer>);
      return Promise.resolve();
    });
  }

  async run(step: number, batch: Uint8Array): Promise<void> {
    invariant(Number.isInteger(step) && step >= 1, "steps count from 1");
    const loaded = this.#loaded(step, batch);
    const { values, step: stepSlot, updates } = this.#plan;
    const [batchSlot] = values;
    invariant(batchSlot !== undefined, "the batch has its memory");
    this.#forget();
    // The device always has a step to do while the next one is made ready, and never a heap.
    if (this.#inFlight.length >= STEPS_IN_FLIGHT_MAX) {
      await this.#device.settled(() => this.#inFlight[0]);
      void this.#inFlight.shift();
    }
    await this.#staged.nextIsFree();
    if (this.#read.has(stepSlot)) {
      this.#device.write(this.#bufferOf(stepSlot), Uint32Array.of(step));
    }
    if (this.#read.has(batchSlot)) this.#device.write(this.#bufferOf(batchSlot), loaded);
    const done = this.#device.submit((encoder) => {
      const pass = encoder.beginComputePass();
      if (this.#last === undefined) this.#dispatch(pass, this.#once);
      this.#dispatch(pass, this.#each);
      pass.end();
      for (const { from, to } of updates) {
        const bytes = 4 * to.words;
        encoder.copyBufferToBuffer(this.#bufferOf(from), 0, this.#bufferOf(to), 0, bytes);
      }
      this.#staged.leave(encoder, (slot) => this.#bufferOf(slot));
    });
    this.#inFlight.push(done);
    this.#last = { step, batch: batch.slice() };
    this.#parity = this.#before;
  }

  finished(): Promise<void> {
    return this.#device.finished();
  }

  /** The value of op 0. Throws Fault ENGINE_SHAPE or ENGINE_NUMBER where it refuses the batch. */
  #loaded(step: number, batch: Uint8Array): Float32Array<ArrayBuffer> {
    const [{ attributes, shape }] = this.#program.ops;
    const expected = batchBytes(attributes[0], shape);
    if (batch.length !== expected) {
      const facts = { given: batch.length, expected };
      throw new Fault("ENGINE_SHAPE", "the batch has another size", facts);
    }
    const call = { inputs: [], inputShapes: [], attributes, shape, step, batch };
    return load.evaluate(call) as Float32Array<ArrayBuffer>;
  }

  #dispatch(pass: GPUComputePassEncoder, all: readonly Bound[]): void {
    let current: GPUComputePipeline | undefined;
    for (const { pipeline, bindings, across, down } of all) {
      if (pipeline !== current) pass.setPipeline(pipeline);
      current = pipeline;
      pass.setBindGroup(0, bindings[this.#parity]);
      pass.dispatchWorkgroups(across, down);
    }
  }

  download(state: number, into?: Float32Array): Promise<Float32Array> {
    const slot = this.#plan.states[state];
    return this.#device.read(this.#bufferOf(slot), into ?? new Float32Array(slot.words));
  }

  output(output: number): Promise<Float32Array> {
    if (this.#staged.has(output) && this.#last !== undefined) {
      return this.#staged.read(this.#staged.step, output);
    }
    const { value } = this.#program.outputs[output];
    invariant(value.from === "op", "an output is the value of an op");
    return this.value(value.index);
  }

  later(outputs: readonly number[]): (() => Promise<readonly Float32Array[]>) | undefined {
    const { step } = this.#staged;
    if (step === 0 || !outputs.every((output) => this.#staged.has(output))) return undefined;
    return () => Promise.all(outputs.map((output) => this.#staged.read(step, output)));
  }

  async value(op: number): Promise<Float32Array> {
    const { values } = this.#plan;
    invariant(this.#last !== undefined && op < values.length, "the session has run a step");
    const slot = values[op];
    if (op === 0 && slot !== undefined && !this.#read.has(slot)) {
      return this.#loaded(this.#last.step, this.#last.batch);
    }
    if (slot !== undefined) {
      return this.#device.read(this.#bufferOf(slot, this.#before), new Float32Array(slot.words));
    }
    this.#again ??= this.#repeated(this.#last.step, this.#last.batch);
    return (await this.#again).value(op);
  }

  /**
   * Does the last step again with each op on its own.
   * Throws Fault MINER_NOT_EXACT where it does not end as the step did.
   */
  async #repeated(step: number, batch: Uint8Array): Promise<SessionOnDevice> {
    const plain = await this.#openPlain();
    for (const [state, slot] of this.#plan.states.entries()) {
      const before = this.#bufferOf(slot, this.#before);
      await plain.upload(state, await this.#device.read(before, new Float32Array(slot.words)));
    }
    await plain.run(step, batch);
    for (const state of this.#plan.states.keys()) {
      const [given, expected] = [await this.download(state), await plain.download(state)];
      if (equalBits(given, expected)) continue;
      plain.close();
      const facts = { ops: "several as one", engine: "webgpu", variant: this.#device.name };
      throw new Fault("MINER_NOT_EXACT", "not exact here: op several as one", facts);
    }
    return plain;
  }

  /** A step that was done again is no longer the last one. */
  #forget(): void {
    void this.#again?.then(
      (plain) => plain.close(),
      () => undefined,
    );
    this.#again = undefined;
  }

  close(): void {
    this.#forget();
    for (const buffer of [...this.#numbers, ...this.#memory.values()]) buffer.destroy();
    this.#staged.destroy();
    this.#memory.clear();
  }
}

function equalBits(a: Float32Array, b: Float32Array): boolean {
  const other = new Uint32Array(b.buffer, b.byteOffset, b.length);
  return new Uint32Array(a.buffer, a.byteOffset, a.length).every((bits, i) => bits === other[i]);
}

/** Words of all slots and the largest one, as the device holds them. */
function memoryOf(plan: StepPlan): { readonly total: number; readonly largest: number } {
  const sizes = plan.slots.map(bytesOf);
  return {
    total: sizes.reduce((sum, size) => sum + size, 0),
    largest: sizes.reduce((most, size) => Math.max(most, size), 0),
  };
}

/** What a plan holds. Throws Fault WEBGPU_ENGINE_MEMORY where that is too much. */
function fittingBytes(plan: StepPlan, most: number, device: GpuDevice): number {
  const { total, largest } = memoryOf(plan);
  if (total <= most && largest <= device.tensorBytesMax) return total;
  const facts = { needed: total, largest, most, most_tensor: device.tensorBytesMax };
  throw new Fault("WEBGPU_ENGINE_MEMORY", "the program needs more memory", facts);
}

/** A backend on an opened device. Its sessions throw the faults of `GpuDevice`. */
export function createWebgpuBackend(device: GpuDevice, options: WebgpuOptions): WebgpuBackend {
  const { products, memoryBytesMax = SESSION_BYTES_MAX } = options;
  // A processor that plays a GPU waits at a barrier for as long as a thousand elements take.
  const { gathers = !device.traits.isSoftware, fuses = !device.traits.isSoftware } = options;
  const planners = deviceOps({ choices: products, gathers, tensorsMax: device.tensorsMax });
  return {
    name: "webgpu",
    variant: `${device.name}, ${products.wide.name}`,
    open: async (programBytes) => {
      // The engine's own check speaks first, so that a refusal reads the same on every backend.
      const program = openProgram(programBytes);
      if (!program.ok) {
        const { code, facts } = program.rejection;
        throw new Fault(code, "the program was refused", facts);
      }
      const { value } = program;
      const opened = async (tensorsMax?: number): Promise<SessionOnDevice> => {
        const kit = tensorsMax === undefined ? { planners } : { planners, tensorsMax };
        const plan = planProgram(value, kit);
        const memoryBytes = fittingBytes(plan, memoryBytesMax, device);
        const openPlain = (): Promise<SessionOnDevice> => opened();
        const needs = { device, program: value, plan, memoryBytes, openPlain };
        const session = new SessionOnDevice(needs);
        await session.prepare();
        return session;
      };
      return opened(fuses ? device.tensorsMax : undefined);
    },
  };
}
