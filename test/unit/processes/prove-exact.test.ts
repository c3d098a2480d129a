import { describe, expect, it } from "vitest";
import { checkedOps } from "../../../src-main/adapters/native-engine/index.ts";
import { Fault } from "../../../src-main/contract/outcome.ts";
import { ReferenceBackend } from "../../../src-main/engine/index.ts";
import type { EngineBackend } from "../../../src-main/ports/engine-backend.ts";
import { faultyBackend } from "../../worlds/faulty-backend.ts";
import { proveExact } from "../../../src-main/processes/prove-exact.ts";

/** The reference but for the last bit of the last element of one op's values. */
function wrongIn(op: string): EngineBackend {
  const inner = new ReferenceBackend();
  return {
    name: "planted",
    variant: `wrong in ${op}`,
    open: async (programBytes) => {
      const session = await inner.open(programBytes);
      // A program of the check ends in the op it is about; names in bytes follow their length.
      const length = String.fromCharCode(op.length);
      const text = new TextDecoder("latin1").decode(programBytes);
      const isWrong = text.includes(`${length}\0\0\0${op}`) && (op !== "load" || isOfLoad(text));
      return {
        upload: (state, values) => session.upload(state, values),
        run: (step, batch) => session.run(step, batch),
        download: (state) => session.download(state),
        value: (index) => session.value(index),
        output: async (output) => {
          const values = await session.output(output);
          if (isWrong) new Uint32Array(values.buffer)[values.length - 1] ^= 1;
          return values;
        },
        close: () => session.close(),
      };
    },
  };
}

/** Every program begins with load; one that is about it has no other op. */
function isOfLoad(text: string): boolean {
  return !checkedOps.some((op) => {
    return op !== "load" && text.includes(`${String.fromCharCode(op.length)}\0\0\0${op}`);
  });
}

async function refusalOf(backend: EngineBackend): Promise<Fault | undefined> {
  try {
    await proveExact(backend);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

describe("proveExact", () => {
  it("lets the reference pass as it is", async () => {
    const backend = new ReferenceBackend();
    expect(await proveExact(backend)).toBe(backend);
  });

  it("refuses a variant whose ops are exact alone and wrong where several run as one", async () => {
    const fused = faultyBackend("wrong in chains", (values, { op, index }) => {
      if (op === "exp" && index > 1) new Uint32Array(values.buffer)[0] ^= 4;
    });
    const fault = await refusalOf(fused);
    expect(fault?.code).toBe("MINER_NOT_EXACT");
    expect(fault?.facts["ops"]).toMatch(/^several as one \(a step of a transformer\)/);
  });

  it.each(checkedOps)("refuses a variant with one wrong bit in %s and names the op", async (op) => {
    const fault = await refusalOf(wrongIn(op));
    expect(fault?.code).toBe("MINER_NOT_EXACT");
    expect(fault?.facts).toEqual({ ops: op, engine: "planted", variant: `wrong in ${op}` });
  });
});
