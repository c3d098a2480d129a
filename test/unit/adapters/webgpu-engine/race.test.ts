import { describe, expect, it } from "vitest";
import {
  PLAIN_PRODUCTS,
  productCandidates,
  raceOf,
} from "../../../../src-main/adapters/webgpu-engine/race.ts";
import { Fault } from "../../../../src-main/contract/outcome.ts";
import { ReferenceBackend } from "../../../../src-main/engine/index.ts";
import type { EngineBackend, EngineSession } from "../../../../src-main/ports/engine-backend.ts";

const named = (name: string) => ({ ...PLAIN_PRODUCTS.wide, name });

/** Time passes only where a session runs, by what its kernel takes. */
class Clock {
  ms = 0;
  readonly now = (): number => this.ms;
}

/** The reference, whose last bit is flipped where `wrong`, and whose run takes `ms`. */
function backendOf(clock: Clock, ms: number, wrong: boolean): EngineBackend {
  const reference = new ReferenceBackend();
  const open = async (bytes: Uint8Array): Promise<EngineSession> => {
    const session = await reference.open(bytes);
    return {
      upload: (state, values) => session.upload(state, values),
      download: (state) => session.download(state),
      value: (op) => session.value(op),
      run: (step, batch) => {
        clock.ms += ms;
        return session.run(step, batch);
      },
      output: async (output) => {
        const values = await session.output(output);
        if (wrong) new Uint32Array(values.buffer)[values.length - 1] ^= 1;
        return values;
      },
      close: () => session.close(),
    };
  };
  return { name: "webgpu", variant: "test", open };
}

async function race(kernels: Readonly<Record<string, { ms: number; wrong?: boolean }>>) {
  const clock = new Clock();
  const { winner, results } = await raceOf(
    "I14",
    Object.keys(kernels).map(named),
    ({ name }) => backendOf(clock, kernels[name].ms, kernels[name].wrong ?? false),
    clock.now,
    4,
  );
  return { winner: winner?.name, results };
}

describe("race", () => {
  it("takes the fastest of those that are exact", async () => {
    const kernels = { slow: { ms: 9 }, quick: { ms: 4 }, wrong: { ms: 1, wrong: true } };
    const { winner, results } = await race(kernels);
    expect(winner).toBe("quick");
    expect(results).toEqual([
      { profile: "I14", kernel: "slow", exact: true, seconds: 0.009 },
      { profile: "I14", kernel: "quick", exact: true, seconds: 0.004 },
      { profile: "I14", kernel: "wrong", exact: false, seconds: null },
    ]);
  });

  it("has no winner where one flipped bit shuts every kernel out", async () => {
    expect((await race({ wrong: { ms: 1, wrong: true } })).winner).toBeUndefined();
  });

  it("leaves out a kernel that does not compile and ends with a device that is lost", async () => {
    const failing = (code: string) =>
      raceOf(
        "I8",
        [named("x")],
        () => ({
          name: "webgpu",
          variant: "test",
          open: () => Promise.reject(new Fault(code, "planted")),
        }),
        () => 0,
      );
    expect((await failing("WEBGPU_ENGINE_BROKEN")).results[0].exact).toBe(false);
    await expect(failing("WEBGPU_ENGINE_LOST")).rejects.toThrow("planted");
  });

  it("offers products of bytes and of matrices where the device has them", () => {
    const names = (hasDots: boolean, hasMatrices: boolean) => {
      const device = { hasLanguageFeature: () => hasDots, traits: { hasMatrices } };
      const { wide, narrow } = productCandidates(device);
      return [wide, narrow].map((list) => list.map(({ name }) => name));
    };
    expect(names(true, true)).toEqual([
      ["pairs", "slices", "slices in tiles", "digits in f32", "matrices"],
      ["pairs", "bytes", "bytes in tiles", "whole numbers in f32", "matrices of bytes"],
    ]);
    expect(names(true, false)[0]).not.toContain("matrices");
    expect(names(false, false)).toEqual([
      ["pairs", "digits in f32"],
      ["pairs", "whole numbers in f32"],
    ]);
  });
});
