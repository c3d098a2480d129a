import { describe, expect, it } from "vitest";
import {
  cudaDevices,
  nativeBackends,
  openCudaBackend,
  selfCheck,
} from "../../../src-main/adapters/native-engine/index.ts";
import { createNativeBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { steadyBackend } from "../../../src-main/adapters/webgpu-engine/steady-backend.ts";
import { BrokenInvariant, Fault } from "../../../src-main/contract/outcome.ts";
import { encodeProgram } from "../../../src-main/engine/index.ts";
import type { ModelConfig } from "../../../src-main/engine/index.ts";
import { CNN, startStates, trainingProgram } from "../../worlds/conformance-models.ts";
import { cCompiler, fakeCuda } from "../../worlds/fake-cuda.ts";
import type { FakeAnswers } from "../../worlds/fake-cuda.ts";
import { hashChain } from "../../worlds/hash-chain.ts";

const canRun = cCompiler !== undefined && nativeBackends().available;
if (!canRun) console.log("the loader of CUDA's driver is not tested: no C compiler, or no addon");

/** The kernels of the program are text for a real driver; this one reads none. */
const KERNELS = [{ capability: 75, text: "none" }];

const openFake = (answers: FakeAnswers = {}) =>
  openCudaBackend({ library: fakeCuda(answers), kernels: KERNELS });

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "none";
}

const program = encodeProgram(trainingProgram(CNN));

describe.skipIf(!canRun)("the driver that CUDA devices are asked through", () => {
  it("is absent where there is no library, none of its devices or no licence to any", () => {
    expect(codeOf(() => cudaDevices("/no/such/libcuda.so.1"))).toBe("CUDA_ENGINE_ABSENT");
    expect(codeOf(() => cudaDevices(fakeCuda({ DEVICES: 0 })))).toBe("CUDA_ENGINE_ABSENT");
    expect(codeOf(() => cudaDevices(fakeCuda({ INIT: 100 })))).toBe("CUDA_ENGINE_ABSENT");
  });

  it("is too old by its version, by a function it has not, by its device", () => {
    expect(codeOf(() => cudaDevices(fakeCuda({ VERSION: 11_070 })))).toBe("CUDA_ENGINE_OLD");
    expect(codeOf(() => cudaDevices(fakeCuda({ WITHOUT_GRAPHS: 1 })))).toBe("CUDA_ENGINE_OLD");
    expect(codeOf(() => cudaDevices(fakeCuda({ INIT: 803 })))).toBe("CUDA_ENGINE_OLD");
    expect(codeOf(() => openFake({ CAPABILITY: 70 }))).toBe("CUDA_ENGINE_OLD");
  });

  it("is broken where it fails for another reason", () => {
    expect(codeOf(() => cudaDevices(fakeCuda({ INIT: 3 })))).toBe("CUDA_ENGINE_BROKEN");
  });

  it("names its devices, and opens none that has another name", () => {
    const library = fakeCuda({ DEVICES: 2 });
    const facts = { name: "Pretended GPU", capability: 90, memoryBytes: 2 ** 30 };
    const [first, second] = cudaDevices(library);
    const uuid = "GPU-c0c0c0c0-c0c0-c0c0-c0c0-c0c0c0c0c0";
    expect(first).toEqual({ ...facts, uuid: `${uuid}00`, bus: "0000:0a:00.0" });
    expect(second).toEqual({ ...facts, uuid: `${uuid}01`, bus: "0000:0b:00.0" });
    const wanted = { library, device: "Another GPU", kernels: KERNELS };
    expect(codeOf(() => openCudaBackend(wanted))).toBe("CUDA_ENGINE_ABSENT");
    expect(openFake().variant).toBe("Pretended GPU, compute 9.0");
  });

  it("opens the very device that is meant of two with one name", () => {
    const library = fakeCuda({ DEVICES: 2 });
    const opened = (device: string) => openCudaBackend({ library, device, kernels: KERNELS });
    for (const { uuid, bus } of cudaDevices(library)) {
      expect([opened(uuid).bus, opened(bus).uuid, opened(uuid.toUpperCase()).uuid]).toEqual([
        bus,
        uuid,
        uuid,
      ]);
    }
    expect(opened("Pretended GPU").bus).toBe("0000:0a:00.0");
    expect(codeOf(() => opened("0000:0c:00.0"))).toBe("CUDA_ENGINE_ABSENT");
  });

  it("tells of a program that the device has no memory for", async () => {
    const backend = openFake({ MEMORY: 4_096 });
    await expect(backend.open(program)).rejects.toMatchObject({ code: "CUDA_ENGINE_MEMORY" });
  });

  it("is not exact where it computes nothing", async () => {
    const wrong = await selfCheck(openFake());
    for (const op of ["add", "matmul", "conv2d", "sum"]) expect(wrong).toContain(op);
    // Moving nothing is right only where nothing moves.
    expect(wrong.length).toBeGreaterThan(30);
  });

  it("is lost for good once a step killed its context", async () => {
    const backend = openFake({ LOST_AT: 2 });
    const session = await backend.open(program);
    const states = startStates(trainingProgram(CNN));
    for (const [index, values] of states.entries()) await session.upload(index, values);
    const batch = new Uint8Array(7 * 145);
    await session.run(1, batch);
    const lost = { code: "CUDA_ENGINE_LOST" };
    await expect(session.run(2, batch)).rejects.toMatchObject(lost);
    await expect(session.download(0)).rejects.toMatchObject(lost);
    await expect(session.run(3, batch)).rejects.toMatchObject(lost);
    session.close();
    await expect(backend.open(program)).rejects.toMatchObject(lost);
  });

  it("repeats no step once another one was refused, whose batch is there instead", async () => {
    const session = await openFake({ REFUSED_AT: 2 }).open(program);
    const batch = new Uint8Array(7 * 145);
    await session.run(1, batch);
    expect((await session.value(1)).length).toBeGreaterThan(0);
    await expect(session.run(2, batch)).rejects.toMatchObject({
      code: expect.stringMatching(/^CUDA_ENGINE_/u) as string,
    });
    await expect(session.value(1)).rejects.toMatchObject({ code: "ENGINE_REFERENCE" });
    await session.run(2, batch);
    expect((await session.value(1)).length).toBeGreaterThan(0);
    session.close();
  });

  it("keeps small outputs of a step while the next one is at work, and no longer", async () => {
    const session = await openFake().open(program);
    const batch = new Uint8Array(7 * 145);
    expect(session.later?.([0])).toBeUndefined();
    await session.run(1, batch);
    const first = await session.output(0);
    const [read, late] = [session.later?.([0, 1]), session.later?.([0])];
    await session.run(2, batch);
    expect((await read?.())?.[0]).toEqual(first);
    await session.run(3, batch);
    await expect(late?.()).rejects.toThrow(BrokenInvariant);
    session.close();
  });

  it("finds a step that ends otherwise when it is repeated, in whatever piece", async () => {
    // The first layer's weights are compared in two pieces.
    const wide: ModelConfig = {
      ...CNN,
      layers: [{ type: "flatten" }, { type: "dense", units: 8_000, activation: "none" }],
      classes: 8_000,
    };
    const bytes = encodeProgram(trainingProgram(wide));
    const repeated = async (answers: FakeAnswers): Promise<Float32Array> => {
      const session = await openFake(answers).open(bytes);
      await session.run(1, new Uint8Array(7 * 145));
      return session.value(1).finally(() => session.close());
    };
    // One copy brings the loss, one the value; then come pairs of pieces.
    expect((await repeated({})).length).toBeGreaterThan(0);
    for (const WRONG_COPY of [3, 4, 5, 6, 7, 8]) {
      await expect(repeated({ WRONG_COPY }), `copy ${WRONG_COPY}`).rejects.toMatchObject({
        code: "MINER_NOT_EXACT",
      });
    }
  }, 60_000);

  it("times each launch of a step that is profiled", async () => {
    const session = await openFake().open(program);
    const times = session.profiledRun(1, new Uint8Array(7 * 145));
    expect(times.length).toBeGreaterThan(10);
    expect(times.map(({ op }) => op)).toContain("conv2d");
    session.close();
  });

  it("costs a pause alone: the processor goes on to the same hash", async () => {
    const moves: string[] = [];
    const steady = await steadyBackend(
      [
        () => Promise.resolve(openFake({ LOST_AT: 1 })),
        () => Promise.resolve(openFake({ MEMORY: 4_096 })),
        () => Promise.resolve(createNativeBackend({ threads: 1 })),
      ],
      ({ fault }) => moves.push(fault.code),
    );
    const own = await hashChain(steady, CNN, 5);
    expect(own).toEqual(await hashChain(createNativeBackend({ threads: 1 }), CNN, 5));
    expect(moves).toEqual(["CUDA_ENGINE_LOST", "CUDA_ENGINE_MEMORY"]);
  });
});
