import { beforeAll, describe, expect, it } from "vitest";
import {
  checkedOps,
  createNativeBackend,
  cudaKernels,
  differingElement,
  nativeBackends,
  openCudaBackend,
  selfCheck,
} from "../../../src-main/adapters/native-engine/index.ts";
import type { CudaBackend } from "../../../src-main/adapters/native-engine/index.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { DIGITS_CNN, encodeProgram } from "../../../src-main/engine/index.ts";
import {
  CNN,
  TRANSFORMER,
  batchOf,
  startStates,
  trainingProgram,
} from "../../worlds/conformance-models.ts";
import { firstPartedStep, hashChain, partingOf } from "../../worlds/hash-chain.ts";
import { allValues, differences } from "../engine/cases.ts";

const FULL = process.env["VIVIAN_FULL"] === "1";

function opened(): CudaBackend | undefined {
  try {
    return openCudaBackend();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.log(`no CUDA device is compared: ${error.code} ${error.message}`);
    return undefined;
  }
}

const cuda = opened();

/** Steps whose hashes must be those of the processor. */
const TRAININGS = [
  { name: "CNN", model: FULL ? { ...DIGITS_CNN, batchSize: 8 } : CNN, steps: FULL ? 5_000 : 300 },
  { name: "transformer", model: TRANSFORMER, steps: FULL ? 2_000 : 100 },
] as const;

/** The last bit of a constant, as the kernels' text has it: of erf, sin, log, of the bound 2^60. */
const PLANTED = [
  { op: "erf", right: "0f3E0375D4", wrong: "0f3E0375D5" },
  { op: "sin", right: "0fBE2AAAA3", wrong: "0fBE2AAAA2" },
  { op: "log", right: "0f3EAAAAAA", wrong: "0f3EAAAAAB" },
  { op: "mul", right: "1568669696", wrong: "1568669697" },
] as const;

describe.skipIf(cuda === undefined || !nativeBackends().available)("a CUDA device", () => {
  let backend: CudaBackend;

  beforeAll(() => {
    backend = cuda as CudaBackend;
  });

  it("passes the self check", async () => {
    expect(await selfCheck(backend)).toEqual([]);
  });

  it.each(checkedOps)("gives the reference's bytes in %s", async (op) => {
    expect(await differences(backend, op, FULL ? 1_000 : 50)).toEqual([]);
  });

  it.each(TRAININGS)(
    "trains a $name to the processor's hash in each of $steps steps",
    async ({ model, steps }) => {
      const judge = createNativeBackend({ threads: 2 });
      const given = await hashChain(backend, model, steps);
      const parted = firstPartedStep(given, await hashChain(judge, model, steps));
      const where = parted === 0 ? undefined : await partingOf(backend, judge, model, parted);
      expect(where).toBeUndefined();
      expect(parted).toBe(0);
    },
    600_000,
  );

  it("finds a bit planted in a constant, and names the op", async () => {
    for (const { op, right, wrong } of PLANTED) {
      const kernels = cudaKernels().map(({ capability, text }) => {
        expect(text).toContain(right);
        return { capability, text: text.replaceAll(right, wrong) };
      });
      const faulty = openCudaBackend({ kernels });
      expect(await selfCheck(faulty)).toContain(op);
      faulty.close();
    }
  });

  it("repeats a step op by op: each value is the processor's", async () => {
    const program = trainingProgram(TRANSFORMER);
    const all: (readonly Float32Array[])[] = [];
    for (const engine of [backend, createNativeBackend({ threads: 2 })]) {
      const session = await engine.open(encodeProgram(program));
      for (const [index, values] of startStates(program).entries()) {
        await session.upload(index, values);
      }
      for (const step of [1, 2]) await session.run(step, batchOf(TRANSFORMER, step));
      all.push(await allValues(session, program));
      session.close();
    }
    const parted = program.ops.filter((_, op) => differingElement(all[0][op], all[1][op]) >= 0);
    expect(parted).toEqual([]);
  });
});
