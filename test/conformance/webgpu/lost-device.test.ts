import { describe, expect, it } from "vitest";
import { ReferenceBackend } from "../../../src-main/engine/index.ts";
import { inGraphicsChild, testAdapters } from "./graphics.ts";
import type { LostRun } from "./graphics-tasks.ts";
import { trainingRun } from "./training-runs.ts";

const STEPS = 5;

const adapters = await testAdapters();

describe.skipIf(adapters.length === 0)(`a lost device (${adapters[0] ?? "none"})`, () => {
  it("ends in the same state root when it is destroyed in a step, twice", async () => {
    const lost = await inGraphicsChild<LostRun>("trainingLost", "digits-tiny", STEPS, [2, 4]);
    const expected = await trainingRun(new ReferenceBackend(), "digits-tiny", STEPS);
    expect(lost.roots).toEqual(expected.roots);
    expect(lost.losses).toEqual(expected.losses);
    // From one graphics device to the next, then to the processor.
    expect(lost.moves.map((move) => move.replace(/ .*> /u, " to "))).toEqual([
      expect.stringMatching(/^WEBGPU_ENGINE_LOST: to webgpu/u),
      "WEBGPU_ENGINE_LOST: to reference, plain TypeScript, 1 thread",
    ]);
  });

  it("says by its code what is wrong with a device", async () => {
    expect(await inGraphicsChild("refusals")).toEqual([
      "WEBGPU_ENGINE_MEMORY",
      "WEBGPU_ENGINE_LOST",
      "WEBGPU_ENGINE_LOST",
      "WEBGPU_ENGINE_LOST",
      "WEBGPU_ENGINE_ABSENT",
    ]);
  });
});
