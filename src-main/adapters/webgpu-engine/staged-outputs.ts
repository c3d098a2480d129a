/**
 * Decides how small outputs come to the host's side: each step leaves them in a place of a ring, so
 * that they can be read while the next steps run.
 */
/// <reference types="@webgpu/types" />
import { invariant } from "../../contract/outcome.ts";
import type { GpuDevice } from "./gpu-device.ts";
import type { Slot } from "./kernel.ts";
import { STAGED_BYTES_MAX, STEPS_IN_FLIGHT_MAX } from "./limits.ts";

/** Places: one more than there are steps in flight. */
const PLACES = STEPS_IN_FLIGHT_MAX + 1;

interface Staged {
  readonly slot: Slot;
  /** Where it begins in a place, in words. */
  readonly first: number;
}

/** The small outputs of a session. */
export class StagedOutputs {
  readonly #device: GpuDevice;
  readonly #staged = new Map<number, Staged>();
  readonly #words: number;
  readonly #places: GPUBuffer[] = [];
  /** What is read of each place, of the last step that left its outputs there. */
  readonly #reads: (Promise<Float32Array> | undefined)[] = [];
  #step = 0;

  /** @param slots  where each output is; undefined where it is a state */
  constructor(device: GpuDevice, slots: readonly (Slot | undefined)[]) {
    this.#device = device;
    let words = 0;
    for (const [output, slot] of slots.entries()) {
      if (slot === undefined || 4 * (words + slot.words) > STAGED_BYTES_MAX) continue;
      this.#staged.set(output, { slot, first: words });
      words += slot.words;
    }
    this.#words = words;
  }

  /** Takes the memory. */
  prepare(): void {
    if (this.#words === 0) return;
    while (this.#places.length < PLACES) {
      this.#places.push(this.#device.staging(4 * this.#words));
    }
  }

  /** The number of the last step, counted from 1. */
  get step(): number {
    return this.#step;
  }

  has(output: number): boolean {
    return this.#staged.has(output);
  }

  /** Ends when nobody reads the place that the next step will use. */
  async nextIsFree(): Promise<void> {
    await this.#reads[(this.#step + 1) % PLACES]?.catch(() => undefined);
  }

  /** Has a step leave its outputs in the next place. */
  leave(encoder: GPUCommandEncoder, bufferOf: (slot: Slot) => GPUBuffer): void {
    this.#step += 1;
    const at = this.#step % PLACES;
    this.#reads[at] = undefined;
    for (const { slot, first } of this.#staged.values()) {
      const to = this.#places[at];
      encoder.copyBufferToBuffer(bufferOf(slot), 0, to, 4 * first, 4 * slot.words);
    }
  }

  /** What an output was in a step: the last one, or one of those that may be in flight with it. */
  async read(step: number, output: number): Promise<Float32Array> {
    const staged = this.#staged.get(output);
    const isKept = step > this.#step - PLACES && step <= this.#step;
    invariant(staged !== undefined && isKept, "an output is read while it is kept");
    const at = step % PLACES;
    const values = await (this.#reads[at] ??= this.#device.readStaging(
      this.#places[at],
      this.#words,
    ));
    return values.slice(staged.first, staged.first + staged.slot.words);
  }

  destroy(): void {
    for (const place of this.#places) place.destroy();
  }
}
