import { describe, expect, it } from "vitest";
import type { GpuDevice } from "../../../../src-main/adapters/webgpu-engine/gpu-device.ts";
import {
  STAGED_BYTES_MAX,
  STEPS_IN_FLIGHT_MAX,
} from "../../../../src-main/adapters/webgpu-engine/limits.ts";
import { StagedOutputs } from "../../../../src-main/adapters/webgpu-engine/staged-outputs.ts";
import { BrokenInvariant } from "../../../../src-main/contract/outcome.ts";

/** A device whose places are arrays; a reading of one ends when it is let. */
function played() {
  const ends: (() => void)[] = [];
  let readings = 0;
  const device = {
    staging: (bytes: number) => new Float32Array(bytes / 4),
    readStaging: (place: Float32Array) => {
      readings += 1;
      return new Promise<Float32Array>((resolve) => ends.push(() => resolve(place.slice())));
    },
  } as unknown as GpuDevice;
  const copyBufferToBuffer = (from: unknown, _: number, to: unknown, at: number): void =>
    (to as Float32Array).set(from as Float32Array, at / 4);
  const encoder = { copyBufferToBuffer } as unknown as GPUCommandEncoder;
  const letAll = (): void => ends.splice(0).forEach((end) => end());
  return { device, encoder, letAll, readings: () => readings };
}

const slots = [{ words: 1 }, { words: 2 }];

/** Outputs of a step: its number, and twice its tenfold. */
const outputsOf = (step: number) => (slot: { words: number }) =>
  new Float32Array(slot.words).fill(slot.words === 1 ? step : 10 * step) as unknown as GPUBuffer;

describe("staged-outputs", () => {
  it("gives each output of a step while others are in flight, for one reading", async () => {
    const { device, encoder, letAll, readings } = played();
    const staged = new StagedOutputs(device, slots);
    staged.prepare();
    for (let step = 1; step <= STEPS_IN_FLIGHT_MAX; step += 1) {
      staged.leave(encoder, outputsOf(step));
    }
    const read = [staged.read(1, 0), staged.read(1, 1), staged.read(STEPS_IN_FLIGHT_MAX, 1)];
    letAll();
    const last = 10 * STEPS_IN_FLIGHT_MAX;
    expect(await Promise.all(read)).toEqual(
      [[1], [10, 10], [last, last]].map((values) => Float32Array.from(values)),
    );
    expect(readings()).toBe(2);
  });

  it("has the next step wait for who still reads its place", async () => {
    const { device, encoder, letAll } = played();
    const staged = new StagedOutputs(device, slots);
    staged.prepare();
    for (let step = 1; step <= STEPS_IN_FLIGHT_MAX + 1; step += 1) {
      await staged.nextIsFree();
      staged.leave(encoder, outputsOf(step));
    }
    const read = staged.read(1, 0);
    let isFree = false;
    const free = staged.nextIsFree().then(() => (isFree = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isFree).toBe(false);
    letAll();
    await free;
    expect(await read).toEqual(Float32Array.of(1));
    staged.leave(encoder, outputsOf(STEPS_IN_FLIGHT_MAX + 2));
    await expect(staged.read(1, 0)).rejects.toThrow(BrokenInvariant);
  });

  it("keeps small outputs alone, and none that is a state", () => {
    const { device } = played();
    const large = { words: STAGED_BYTES_MAX / 4 };
    const staged = new StagedOutputs(device, [undefined, { words: 1 }, large, { words: 2 }]);
    expect([0, 1, 2, 3].map((output) => staged.has(output))).toEqual([false, true, false, true]);
  });
});
