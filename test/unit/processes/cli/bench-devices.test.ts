import { describe, expect, it } from "vitest";
import type { BenchAnswer } from "../../../../src-main/processes/bench/bench-answers.ts";
import type { BenchChoice } from "../../../../src-main/processes/bench/bench-source.ts";
import { benchDevices } from "../../../../src-main/processes/cli/bench-devices.ts";

const wish = { threads: 2, all: false };
const rates = { products: [], steps: [] };
const choice = (device: string): BenchChoice => {
  return { device, name: `the ${device}`, variant: null, threads: 1, isSlow: false };
};

/** Answers of processes: two devices of one engine, a float engine, one that is not here. */
function askFrom(answers: Readonly<Record<string, BenchAnswer>>) {
  return (engine: string, what: string, about: object): Promise<BenchAnswer> => {
    const key = what === "choices" ? engine : `${engine} ${(about as BenchChoice).device}`;
    return Promise.resolve(answers[key]);
  };
}

describe("processes/cli/bench-devices", () => {
  it("measures every choice of every engine, and tells float engines apart", async () => {
    const measured: string[] = [];
    const bench = await benchDevices(wish, {
      engines: ["webgpu", "tfjs-wasm"],
      onMeasure: (words) => measured.push(words),
      ask: askFrom({
        webgpu: { kind: "choices", choices: [choice("gpu0"), choice("gpu1")], isExact: true },
        "webgpu gpu0": { kind: "measured", variant: "v", wrongOps: [], rates, meter: null },
        "webgpu gpu1": {
          kind: "measured",
          variant: "v",
          wrongOps: ["div"],
          rates: null,
          meter: null,
        },
        "tfjs-wasm": { kind: "choices", choices: [choice("cpu0")], isExact: false },
        "tfjs-wasm cpu0": { kind: "measured", variant: "f", wrongOps: [], rates, meter: null },
      }),
    });
    expect(bench.devices.map(({ device, wrongOps }) => [device, ...wrongOps])).toEqual([
      ["gpu0"],
      ["gpu1", "div"],
    ]);
    expect(bench.float).toMatchObject([{ engine: "tfjs-wasm", variant: "f" }]);
    expect(bench.absent).toEqual([]);
    expect(measured).toEqual(["webgpu, the gpu0", "webgpu, the gpu1", "tfjs-wasm, the cpu0"]);
  });

  it("goes on where an engine is absent, or a process ends or talks nonsense", async () => {
    const gone: BenchAnswer = { kind: "absent", code: "PROCESSES_BENCH", reason: "SIGSEGV" };
    const bench = await benchDevices(wish, {
      engines: ["native-cpu", "webgpu", "wasm"],
      ask: askFrom({
        "native-cpu": { kind: "absent", code: "NATIVE_ENGINE_ABSENT", reason: "not built" },
        webgpu: { kind: "choices", choices: [choice("gpu0"), choice("gpu1")], isExact: true },
        "webgpu gpu0": gone,
        "webgpu gpu1": { kind: "measured", variant: "v", wrongOps: [], rates, meter: null },
        wasm: { kind: "measured", variant: "v", wrongOps: [], rates, meter: null },
      }),
    });
    expect(bench.devices.map(({ device }) => device)).toEqual(["gpu1"]);
    expect(bench.absent.map(({ engine, code }) => [engine, code])).toEqual([
      ["native-cpu", "NATIVE_ENGINE_ABSENT"],
      ["webgpu", "PROCESSES_BENCH"],
      ["wasm", "PROCESSES_BENCH"],
    ]);
  });
});
